import { useEffect, useRef } from 'react'
import { createPortal } from 'react-dom'
import type { Completion } from './complete.ts'
import styles from './CompletionPopup.module.css'

interface CompletionPopupProps {
  readonly id: string
  /** The field under which the list stands. */
  readonly anchor: HTMLElement
  readonly options: readonly Completion[]
  readonly current: number
  readonly onTake: (name: string) => void
}

/** Names that can stand at the caret, below the field; the focus stays in the field. */
export function CompletionPopup({ id, anchor, options, current, onTake }: CompletionPopupProps) {
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => {
    list.current?.children[current]?.scrollIntoView({ block: 'nearest' })
  }, [current])
  const box = anchor.getBoundingClientRect()
  const height = Math.min(220, options.length * 26 + 8)
  const below = box.bottom + height + 8 < window.innerHeight
  const top = below ? box.bottom + 3 : box.top - height - 3
  return createPortal(
    <ul
      ref={list}
      id={id}
      role="listbox"
      aria-label="Suggestions"
      className={styles['popup']}
      style={{ left: box.left, top, width: box.width, maxHeight: height }}
    >
      {options.map((option, index) => (
        <li
          key={option.name}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === current}
          className={styles['option']}
          onPointerDown={(event) => {
            event.preventDefault()
            onTake(option.name)
          }}
        >
          <code>{option.name}</code>
          <span>{option.detail}</span>
        </li>
      ))}
    </ul>,
    document.body,
  )
}
