import { useContext, useRef, useState, type KeyboardEvent } from 'react'
import { completionsAt, takeCompletion, type CompletionList } from './complete.ts'
import { ScopeContext } from './ScopeContext.ts'

interface CompletionState {
  readonly list: CompletionList
  readonly current: number
}

export interface CompletionControl {
  readonly state: CompletionState | undefined
  /** Looks for completions at the caret of the field, after its text or caret has moved. */
  look(area: HTMLTextAreaElement): void
  close(): void
  take(name: string): void
  /** Handles a key while the list is open; whether it did. */
  onKey(event: KeyboardEvent<HTMLTextAreaElement>): boolean
}

/** Completion of names in a field with expressions. `change` takes the new text; the caret follows. */
export function useCompletion(isExpression: boolean, change: (text: string) => void): CompletionControl {
  const scope = useContext(ScopeContext)
  const [state, setState] = useState<CompletionState>()
  const area = useRef<HTMLTextAreaElement>(undefined)

  const look = (element: HTMLTextAreaElement) => {
    area.current = element
    const caret = element.selectionStart
    const list =
      scope && caret === element.selectionEnd ? completionsAt(element.value, caret, isExpression, scope) : undefined
    setState(list && { list, current: 0 })
  }
  const close = () => setState(undefined)
  const take = (name: string) => {
    const element = area.current
    if (!state || !element) return
    const taken = takeCompletion(element.value, state.list, name)
    change(taken.text)
    close()
    requestAnimationFrame(() => {
      element.focus()
      element.setSelectionRange(taken.caret, taken.caret)
    })
  }
  const move = (step: number) => {
    setState(
      (before) =>
        before && {
          ...before,
          current: (before.current + step + before.list.options.length) % before.list.options.length,
        },
    )
  }
  const onKey = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (!state || event.altKey) return false
    const option = state.list.options[state.current]
    if (event.key === 'ArrowDown') move(1)
    else if (event.key === 'ArrowUp') move(-1)
    else if (event.key === 'Escape') close()
    else if (
      (event.key === 'Tab' || event.key === 'Enter') &&
      option &&
      !event.shiftKey &&
      !event.ctrlKey &&
      !event.metaKey
    )
      take(option.name)
    else return false
    event.preventDefault()
    event.stopPropagation()
    return true
  }
  return { state, look, close, take, onKey }
}
