import { useEffect, useRef, type RefObject } from 'react'
import { firstInputOf } from './fieldSteps.ts'
import { selectionStore, type RevealRequest } from '../state/selectionStore.ts'

/**
 * Moves the cursor into the field that a problem, a command or the canvas asks for: the named one, or the one that holds
 * it, else the first that is needed and empty, else the first. The result is put on the element that holds the fields.
 */
export function useFieldFocus(request: RevealRequest | undefined, tab: string): RefObject<HTMLDivElement | null> {
  const holder = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = holder.current
    if (!request || !element) return undefined
    const frame = requestAnimationFrame(() => {
      const row = rowOf(element, request.field)
      const input = row && firstInputOf(row)
      if (!row || !input) return
      row.closest('details')?.setAttribute('open', '')
      row.scrollIntoView({ block: 'nearest' })
      input.focus({ preventScroll: true })
      selectionStore.getState().fieldFocused()
    })
    return () => cancelAnimationFrame(frame)
  }, [request, tab])
  return holder
}

function rowOf(holder: HTMLElement, field: string | undefined): Element | undefined {
  const rows = [...holder.querySelectorAll('[data-field]')]
  if (field === undefined) return rows.find((row) => row.querySelector('[aria-invalid="true"]')) ?? rows[0]
  return rows.find((row) => {
    const own = row.getAttribute('data-field') ?? ''
    return field === own || (field.startsWith(own) && /^[.[]/.test(field.slice(own.length)))
  })
}
