import clsx from 'clsx'
import { Switch as Radix } from 'radix-ui'
import { useEffect, useState, type ComponentProps } from 'react'
import styles from './inputs.module.css'

interface TextInputProps extends Omit<ComponentProps<'input'>, 'onChange' | 'value'> {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly mono?: boolean
}

/** A line of text. */
export function TextInput({ value, onChange, mono, className, ...rest }: TextInputProps) {
  return (
    <input
      className={clsx(styles['input'], mono && styles['mono'], className)}
      value={value}
      spellCheck={!mono}
      autoComplete="off"
      onChange={(event) => onChange(event.currentTarget.value)}
      {...rest}
    />
  )
}

interface TextAreaProps extends Omit<ComponentProps<'textarea'>, 'onChange' | 'value'> {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly mono?: boolean
}

/** Several lines of text. */
export function TextArea({ value, onChange, mono, className, ...rest }: TextAreaProps) {
  return (
    <textarea
      className={clsx(styles['area'], mono && styles['mono'], className)}
      value={value}
      spellCheck={!mono}
      onChange={(event) => onChange(event.currentTarget.value)}
      {...rest}
    />
  )
}

interface NumberInputProps extends Omit<ComponentProps<'input'>, 'onChange' | 'value'> {
  readonly value: number | undefined
  /** Undefined where the field was emptied. What is no number is not passed on. */
  readonly onChange: (value: number | undefined) => void
  readonly unit?: string | undefined
}

/** A number, with its unit behind it. Keeps what is typed until it is a number. */
export function NumberInput({ value, onChange, unit, ...rest }: NumberInputProps) {
  const [text, setText] = useState(value === undefined ? '' : String(value))
  useEffect(() => {
    setText((current) =>
      Number(current) === value && current !== '' ? current : value === undefined ? '' : String(value),
    )
  }, [value])
  return (
    <span className={styles['unit']}>
      <TextInput
        inputMode="decimal"
        value={text}
        aria-invalid={text !== '' && !Number.isFinite(Number(text)) ? true : undefined}
        onChange={(next) => {
          setText(next)
          if (next.trim() === '') onChange(undefined)
          else if (Number.isFinite(Number(next))) onChange(Number(next))
        }}
        {...rest}
      />
      {unit}
    </span>
  )
}

export interface Choice {
  readonly value: string
  readonly label: string
}

interface SelectInputProps extends Omit<ComponentProps<'select'>, 'onChange' | 'value'> {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly options: readonly Choice[]
}

/** One of several values. The platform's own list: it is fully accessible and never clipped. */
export function SelectInput({ value, onChange, options, className, ...rest }: SelectInputProps) {
  return (
    <select
      className={clsx(styles['select'], className)}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      {...rest}
    >
      {!options.some((option) => option.value === value) && <option value={value}>{value}</option>}
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  )
}

interface SwitchInputProps {
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
  readonly id?: string
  readonly disabled?: boolean
  readonly 'aria-label'?: string
}

/** On or off. */
export function SwitchInput({ checked, onChange, ...rest }: SwitchInputProps) {
  return (
    <Radix.Root className={styles['switch']} checked={checked} onCheckedChange={onChange} {...rest}>
      <Radix.Thumb className={styles['thumb']} />
    </Radix.Root>
  )
}
