import { Plus, Workflow, X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { IconButton } from '../controls/Button.tsx'
import { baseName, closeDocument } from '../files/documents.ts'
import { documentStore, isDirty, useDocuments } from '../state/documentStore.ts'
import { openDialog } from './dialogStore.ts'
import styles from './DocumentTabs.module.css'

/** The open flows; a dot stands where edits are in no file yet. */
export function DocumentTabs() {
  const tabs = useDocuments((state) => state.tabs)
  return (
    <div className={styles['tabs']}>
      <div className={styles['list']} role="tablist" aria-label="Open flows">
        {tabs.map((path, index) => (
          <DocumentTab key={path} path={path} index={index} />
        ))}
      </div>
      <IconButton label="New flow" size="s" className={styles['add']} onClick={() => openDialog({ type: 'gallery' })}>
        <Plus size={16} />
      </IconButton>
    </div>
  )
}

function DocumentTab({ path, index }: { readonly path: string; readonly index: number }) {
  const active = useDocuments((state) => state.active === path)
  const dirty = useDocuments((state) => {
    const document = state.documents[path]
    return document !== undefined && isDirty(document)
  })
  const element = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (active) element.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [active])
  const { activate, moveTab } = documentStore.getState()
  return (
    <div
      ref={element}
      className={styles['tab']}
      data-active={active}
      title={path}
      draggable
      onDragStart={(event) => event.dataTransfer.setData('application/x-switchyard-tab', path)}
      onDragOver={(event) =>
        event.dataTransfer.types.includes('application/x-switchyard-tab') && event.preventDefault()
      }
      onDrop={(event) => {
        const moved = event.dataTransfer.getData('application/x-switchyard-tab')
        if (moved) moveTab(moved, index)
      }}
      onAuxClick={(event) => event.button === 1 && closeDocument(path)}
    >
      <button type="button" role="tab" aria-selected={active} className={styles['open']} onClick={() => activate(path)}>
        <Workflow size={14} />
        <span className={styles['label']}>{baseName(path)}</span>
        {dirty && <span className="visually-hidden">, unsaved</span>}
      </button>
      <button
        type="button"
        className={styles['close']}
        data-dirty={dirty}
        aria-label={`Close ${baseName(path)}`}
        onClick={() => closeDocument(path)}
      >
        <X size={13} />
      </button>
    </div>
  )
}
