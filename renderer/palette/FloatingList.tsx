import { Command } from 'cmdk'
import { type ReactNode, useEffect, useRef } from 'react'
import { createPortal } from 'react-dom'
import type { Point } from '../canvas/canvasStore.ts'
import { rankLabel } from './rank.ts'
import styles from './palette.module.css'

const width = 320
const height = 380
const margin = 8

/** The place asked for, moved so that the whole list is in the window. */
function inside(at: Point): { left: number; top: number } {
  return {
    left: Math.max(margin, Math.min(at.x, window.innerWidth - width - margin)),
    top: Math.max(margin, Math.min(at.y, window.innerHeight - height - margin)),
  }
}

interface FloatingListProps {
  /** Where it opens, in pixels of the window; it stays inside. */
  readonly at: Point
  readonly label: string
  readonly onClose: () => void
  /** Scores an entry against what is typed; by its label and keywords unless given. */
  readonly filter?: typeof rankLabel
  readonly children: ReactNode
}

/** A search list that floats over the canvas; Escape and a click outside close it. */
export function FloatingList({ at, label, onClose, filter = rankLabel, children }: FloatingListProps) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const outside = (event: PointerEvent) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) onClose()
    }
    window.addEventListener('pointerdown', outside, true)
    return () => {
      window.removeEventListener('pointerdown', outside, true)
    }
  }, [onClose])
  return createPortal(
    <div ref={box} className={styles['floating']} style={inside(at)} role="dialog" aria-label={label} data-state="open">
      <Command
        loop
        label={label}
        filter={filter}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.preventDefault()
          event.stopPropagation()
          onClose()
        }}
      >
        {children}
      </Command>
    </div>,
    document.body,
  )
}
