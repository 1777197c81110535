import { CircleAlert, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Diagnostic, Severity } from '../../model/diagnostics.ts'
import styles from './FieldRow.module.css'
import { sentenceAt } from './problemsAt.ts'

interface FieldRowProps {
  /** Id of the editor; the row's label points to it. */
  readonly id: string
  readonly label: string
  /** Dotted path inside the node (`data.url`), by which problems find the row. */
  readonly path: string
  readonly required?: boolean
  readonly help?: string | undefined
  /** At the right of the label: a unit, a switch to another way of editing. */
  readonly aside?: ReactNode
  readonly problems: readonly Diagnostic[]
  /** The label stands beside the editor. */
  readonly inline?: boolean
  /** Under the editor, before help and problems. */
  readonly below?: ReactNode
  readonly children: ReactNode
}

/** One setting: label, editor, help, and what is wrong with it. */
export function FieldRow({
  id,
  label,
  path,
  required,
  help,
  aside,
  problems,
  inline = false,
  below,
  children,
}: FieldRowProps) {
  return (
    <div className={styles['row']} data-field={path} data-inline={inline}>
      <div className={styles['head']}>
        <label htmlFor={id} className={styles['label']}>
          {label}
          {required && (
            <span className={styles['required']} title="needed">
              *
            </span>
          )}
        </label>
        {inline ? children : aside}
      </div>
      {!inline && children}
      {below}
      {problems.map((problem, index) => (
        <Problem key={index} severity={problem.severity} text={sentenceAt(problem, path, label)} />
      ))}
      {help !== undefined && (
        <p id={`${id}-help`} className={styles['help']}>
          {help}
        </p>
      )}
    </div>
  )
}

function Problem({ severity, text }: { readonly severity: Severity; readonly text: string }) {
  const Icon = severity === 'error' ? CircleAlert : TriangleAlert
  return (
    <p className={styles['problem']} data-severity={severity} role={severity === 'error' ? 'alert' : undefined}>
      <Icon size={13} />
      {text}
    </p>
  )
}
