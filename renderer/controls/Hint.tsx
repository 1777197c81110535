import { Tooltip } from 'radix-ui'
import type { ReactElement } from 'react'
import styles from './Hint.module.css'

interface HintProps {
  readonly label: string
  readonly keys?: string | undefined
  readonly side?: 'top' | 'right' | 'bottom' | 'left'
  readonly children: ReactElement
}

/** A tooltip on hover and keyboard focus, with the shortcut where there is one. */
export function Hint({ label, keys, side = 'bottom', children }: HintProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content className={styles['hint']} side={side} sideOffset={6} collisionPadding={8}>
          {label}
          {keys !== undefined && <kbd className={styles['keys']}>{keys}</kbd>}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
