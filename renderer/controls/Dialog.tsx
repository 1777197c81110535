import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import { useRef, type ReactNode } from 'react'
import { IconButton } from './Button.tsx'
import styles from './Dialog.module.css'

interface DialogProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: string
  /** A sentence under the title. */
  readonly description?: ReactNode
  readonly width?: number
  /** The content is to be read, with nothing in it to focus: it scrolls by keys all the same. */
  readonly reading?: boolean
  readonly children?: ReactNode
  /** Buttons on the lower edge. */
  readonly footer?: ReactNode
}

/** A modal window: focus stays inside, Escape closes it. */
export function Dialog({
  open,
  onClose,
  title,
  description,
  width = 480,
  reading = false,
  children,
  footer,
}: DialogProps) {
  const body = useRef<HTMLDivElement>(null)
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={styles['overlay']} />
        <Radix.Content
          className={styles['dialog']}
          style={{ width: `min(${width}px, calc(100vw - 32px))` }}
          onOpenAutoFocus={(event) => {
            event.preventDefault()
            focusFirst(body.current)
          }}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
        >
          <header className={styles['header']}>
            <div>
              <Radix.Title className={styles['title']}>{title}</Radix.Title>
              {description !== undefined && (
                <Radix.Description className={styles['description']}>{description}</Radix.Description>
              )}
            </div>
            <Radix.Close asChild>
              <IconButton label="Close" size="s">
                <X size={16} />
              </IconButton>
            </Radix.Close>
          </header>
          <div ref={body} className={styles['body']} tabIndex={reading ? 0 : -1}>
            {children}
          </div>
          {footer !== undefined && <footer className={styles['footer']}>{footer}</footer>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** The first thing to type into, else the dialog's primary button, else the dialog itself. */
function focusFirst(body: HTMLElement | null): void {
  const field = body?.querySelector<HTMLElement>('input:not([type="hidden"]), textarea, select')
  const buttons = body?.parentElement?.querySelectorAll<HTMLElement>('footer button') ?? []
  const target = field ?? [...buttons].at(-1) ?? body
  target?.focus()
}
