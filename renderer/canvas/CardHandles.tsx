import { Handle, Position } from '@xyflow/react'
import clsx from 'clsx'
import { memo } from 'react'
import type { CardHandle } from './cardGeometry.ts'
import { supplyHandle } from './cardGeometry.ts'
import styles from './CardHandles.module.css'

const positions = { left: Position.Left, right: Position.Right, top: Position.Top, bottom: Position.Bottom } as const

interface CardHandlesProps {
  readonly handles: readonly CardHandle[]
  /** Called when a way out is clicked rather than dragged. */
  readonly onPick?: ((handle: CardHandle) => void) | undefined
  /** Handles that a wire under way may end at; undefined while none is. */
  readonly targets?: ReadonlySet<string> | undefined
}

function isSupply(handle: CardHandle): boolean {
  return handle.id === supplyHandle || (handle.type === 'target' && handle.side === 'bottom')
}

function hint(handle: CardHandle): string {
  if (handle.id === supplyHandle) return 'Drag to an agent’s tools'
  if (isSupply(handle)) return `Drag or click to supply ${handle.id}`
  if (handle.type === 'target') return 'Drag from an outcome to here'
  return handle.quiet ? 'On error: drag or click to add what happens then' : 'Drag to wire, click to add the next node'
}

/** The points of a card where wires begin and end: circles for the flow, diamonds for supplies. */
export const CardHandles = memo(function CardHandles({ handles, onPick, targets }: CardHandlesProps) {
  return handles.map((handle) => (
    <Handle
      key={`${handle.type}:${handle.id}`}
      id={handle.id}
      type={handle.type}
      position={positions[handle.side]}
      className={clsx(
        styles['handle'],
        isSupply(handle) && styles['supply'],
        handle.quiet && styles['quiet'],
        targets?.has(handle.id) && styles['target'],
      )}
      style={{ left: handle.x, top: handle.y }}
      title={hint(handle)}
      data-handle={`${handle.type}:${handle.id}`}
      onClick={(event) => {
        event.stopPropagation()
        if (handle.type === 'source' || isSupply(handle)) onPick?.(handle)
      }}
    />
  ))
})

/**
 * The same points from afar, where nothing is wired: bare elements that the view only measures when a card's size
 * changes, so that edges keep their ends. They carry the attributes it looks for.
 */
export const FarHandles = memo(function FarHandles({ handles }: { readonly handles: readonly CardHandle[] }) {
  return handles.map((handle) => (
    <i
      key={`${handle.type}:${handle.id}`}
      className={clsx(styles['far'], handle.type)}
      data-handleid={handle.id}
      data-handlepos={handle.side}
      style={{ left: handle.x, top: handle.y }}
    />
  ))
})
