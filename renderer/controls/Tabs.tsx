import { Tabs as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import styles from './Tabs.module.css'

export interface TabItem<Name extends string = string> {
  readonly name: Name
  readonly label: string
  /** Shown behind the label: a count, an amount. */
  readonly badge?: string | undefined
  readonly tone?: 'fail' | 'wait' | undefined
}

interface TabsProps<Name extends string> {
  readonly tabs: readonly TabItem<Name>[]
  readonly value: Name
  readonly onChange: (name: Name) => void
  readonly label: string
  /** At the right end of the row of tabs. */
  readonly aside?: ReactNode
  readonly children: ReactNode
  readonly className?: string | undefined
}

/** A row of tabs over one panel; `children` is the panel of `value`. */
export function Tabs<Name extends string>({
  tabs,
  value,
  onChange,
  label,
  aside,
  children,
  className,
}: TabsProps<Name>) {
  return (
    <Radix.Root
      className={`${styles['root'] ?? ''} ${className ?? ''}`}
      value={value}
      onValueChange={(next) => {
        const found = tabs.find((tab) => tab.name === next)
        if (found) onChange(found.name)
      }}
    >
      <div className={styles['row']}>
        <Radix.List className={styles['list']} aria-label={label}>
          {tabs.map((tab) => (
            <Radix.Trigger key={tab.name} value={tab.name} className={styles['tab']}>
              {tab.label}
              {tab.badge !== undefined && (
                <span className={styles['badge']} data-tone={tab.tone}>
                  {tab.badge}
                </span>
              )}
            </Radix.Trigger>
          ))}
        </Radix.List>
        {aside}
      </div>
      <Radix.Content key={value} value={value} className={styles['panel']} tabIndex={-1}>
        {children}
      </Radix.Content>
    </Radix.Root>
  )
}
