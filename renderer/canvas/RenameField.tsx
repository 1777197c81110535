import { useRef } from 'react'
import { documentStore } from '../state/documentStore.ts'
import { selectionStore } from '../state/selectionStore.ts'
import { setLabel } from '../../model/edits/settings.ts'
import { focusCanvas } from '../keymap/dispatcher.ts'
import styles from './RenameField.module.css'

interface RenameFieldProps {
  readonly node: string
  readonly label: string
  readonly placeholder: string
}

/** Renames a node where its label stands: Enter keeps, Escape leaves as it was. */
export function RenameField({ node, label, placeholder }: RenameFieldProps) {
  const cancelled = useRef(false)
  const finish = (text: string) => {
    if (!cancelled.current) documentStore.getState().edit('Rename', (flow) => setLabel(flow, node, text.trim()))
    selectionStore.getState().rename(undefined)
  }
  return (
    <input
      className={`${styles['field']} nodrag`}
      defaultValue={label}
      placeholder={placeholder}
      aria-label="Label"
      autoFocus
      onFocus={(event) => {
        event.currentTarget.select()
      }}
      onBlur={(event) => {
        finish(event.currentTarget.value)
      }}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return
        event.stopPropagation()
        cancelled.current = event.key === 'Escape'
        event.currentTarget.blur()
        focusCanvas()
      }}
    />
  )
}
