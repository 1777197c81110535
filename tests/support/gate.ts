/** A promise that a test opens itself, to hold one thing until another has happened. */
export interface Gate<Value> {
  readonly opened: Promise<Value>
  open(value: Value): void
}

export function gate<Value>(): Gate<Value> {
  let open: (value: Value) => void = () => undefined
  const opened = new Promise<Value>((resolve) => {
    open = resolve
  })
  return { opened, open: (value) => open(value) }
}
