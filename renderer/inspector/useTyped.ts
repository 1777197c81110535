import { useRef, useState } from 'react'
import { jsonEquals, type Json } from '../../model/json.ts'

/**
 * Text being typed for a value that has another form in the document. The text stays as typed while it stands for the
 * document's value, and follows the document when that changes from elsewhere (undo, another panel).
 */
export function useTyped(
  value: Json | undefined,
  format: (value: Json | undefined) => string,
): [string, (text: string, value: Json | undefined) => void] {
  const [text, setText] = useState(() => format(value))
  const known = useRef(value)
  if (!jsonEquals(known.current, value)) {
    known.current = value
    setText(format(value))
  }
  const type = (next: string, nextValue: Json | undefined) => {
    known.current = nextValue
    setText(next)
  }
  return [text, type]
}
