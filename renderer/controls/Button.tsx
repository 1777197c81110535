import clsx from 'clsx'
import type { ComponentProps } from 'react'
import styles from './Button.module.css'
import { Hint } from './Hint.tsx'

interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: 'plain' | 'outline' | 'primary' | 'danger' | 'paused'
  readonly size?: 's' | 'm'
}

/** A button with words. `look` says how much it wants to be pressed; there is one primary at most per view. */
export function Button({ look = 'outline', size = 'm', className, type = 'button', ...rest }: ButtonProps) {
  return <button type={type} className={clsx(styles['button'], styles[look], styles[size], className)} {...rest} />
}

interface IconButtonProps extends ComponentProps<'button'> {
  /** What it does: the accessible name, shown as a tooltip. */
  readonly label: string
  /** Shortcut shown in the tooltip. */
  readonly keys?: string | undefined
  readonly active?: boolean
  readonly size?: 's' | 'm'
}

/** A button with a glyph alone; its label appears on hover and focus. */
export function IconButton({ label, keys, active, size = 'm', className, type = 'button', ...rest }: IconButtonProps) {
  return (
    <Hint label={label} keys={keys}>
      <button
        type={type}
        aria-label={label}
        aria-pressed={active}
        className={clsx(styles['icon'], styles[size], active && styles['active'], className)}
        {...rest}
      />
    </Hint>
  )
}
