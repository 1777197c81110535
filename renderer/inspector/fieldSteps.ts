const typable = 'textarea, input, select, [role="switch"], [role="combobox"]'

/** What of a setting's row takes the keyboard first: its editor, else the button that begins one. */
export function firstInputOf(row: Element): HTMLElement | undefined {
  const named = document.getElementById(row.querySelector('label')?.htmlFor ?? '')
  const code = row.querySelector<HTMLElement>('.native-edit-context')
  return code ?? row.querySelector<HTMLElement>(typable) ?? named ?? undefined
}

/** Moves the cursor from setting to setting of the inspector, past the buttons between them; stays at either end. */
export function stepField(step: 1 | -1): void {
  const rows = [...document.querySelectorAll('[data-panel=inspector] [data-field]')].filter((row) =>
    row.checkVisibility(),
  )
  const current = rows.findIndex((row) => row.contains(document.activeElement))
  const next = rows[current < 0 ? 0 : Math.max(0, Math.min(current + step, rows.length - 1))]
  const input = next && firstInputOf(next)
  input?.focus({ preventScroll: true })
  next?.scrollIntoView({ block: 'nearest' })
}
