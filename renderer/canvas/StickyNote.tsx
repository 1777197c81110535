import { type NodeProps, NodeResizer } from '@xyflow/react'
import { memo, useState } from 'react'
import { documentStore } from '../state/documentStore.ts'
import type { NoteNode } from './canvasTypes.ts'
import { setNoteText } from '../../model/edits/notes.ts'
import { focusCanvas } from '../keymap/dispatcher.ts'
import { useLevel } from './lod.ts'
import styles from './StickyNote.module.css'

const minWidth = 120
const minHeight = 60

/** A note on the canvas: a double click edits it; its first line is its title. */
export const StickyNote = memo(function StickyNote({ data, selected }: NodeProps<NoteNode>) {
  // A new note comes selected and wants words; one that comes back by redo must not take the keys that redo the rest.
  const [editing, setEditing] = useState(selected && data.note.text === '')
  const level = useLevel()
  const [title = '', ...rest] = data.note.text.split('\n')
  return (
    <div
      className={styles['note']}
      data-selected={selected || undefined}
      onDoubleClick={() => {
        setEditing(true)
      }}
    >
      <NodeResizer
        isVisible={selected}
        minWidth={minWidth}
        minHeight={minHeight}
        lineClassName={styles['line'] ?? ''}
        handleClassName={styles['grip'] ?? ''}
      />
      {editing ? (
        <NoteField
          text={data.note.text}
          onDone={(text) => {
            setEditing(false)
            documentStore.getState().edit('Edit note', (flow) => setNoteText(flow, data.noteId, text))
          }}
        />
      ) : level !== 'full' ? (
        <div className={styles['far']} title={data.note.text}>
          {title}
        </div>
      ) : (
        <div className={styles['text']} title={data.note.text}>
          {data.note.text === '' && <span className={styles['empty']}>Empty note: a double click writes on it.</span>}
          {rest.length === 0 ? title : <strong>{title}</strong>}
          {rest.length > 0 && `\n${rest.join('\n')}`}
        </div>
      )}
    </div>
  )
})

interface NoteFieldProps {
  readonly text: string
  readonly onDone: (text: string) => void
}

function NoteField({ text, onDone }: NoteFieldProps) {
  return (
    <textarea
      className={`${styles['field']} nodrag nowheel nopan`}
      defaultValue={text}
      autoFocus
      aria-label="Note"
      placeholder="Write a note. The first line is its title."
      onBlur={(event) => {
        onDone(event.currentTarget.value)
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        event.currentTarget.blur()
        focusCanvas()
      }}
    />
  )
}
