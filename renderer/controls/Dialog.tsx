import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { IconButton } from './Button.tsx'
import styles from './Dialog.module.css'

interface DialogProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: string
  /** A sentence under the title. */
  readonly description?: ReactNode
  readonly width?: number
  readonly children?: ReactNode
  /** Buttons on the lower edge. */
  readonly footer?: ReactNode
}

/** A modal window: focus stays inside, Escape closes it. */
export function Dialog({ open, onClose, title, description, width = 480, children, footer }: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={styles['overlay']} />
        <Radix.Content
          className={styles['dialog']}
          style={{ width: `min(${width}px, calc(100vw - 32px))` }}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
        >
          <header className={styles['header']}>
            <div>
              <Radix.Title className={styles['title']}>{title}</Radix.Title>
              {description !== undefined && <Radix.Description className={styles['description']}>{description}</Radix.Description>}
            </div>
            <Radix.Close asChild>
              <IconButton label="Close" size="s">
                <X size={16} />
              </IconButton>
            </Radix.Close>
          </header>
          <div className={styles['body']}>{children}</div>
          {footer !== undefined && <footer className={styles['footer']}>{footer}</footer>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
