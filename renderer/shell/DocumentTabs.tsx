import { Plus, Workflow, X } from 'lucide-react'
import { useEffect, useRef, type KeyboardEvent } from 'react'
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
      <button
        type="button"
        role="tab"
        aria-selected={active}
        tabIndex={active ? 0 : -1}
        className={styles['open']}
        onClick={() => activate(path)}
        onKeyDown={(event) => {
          if (event.key === 'Delete') closeDocument(path)
          else if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') walkTabs(event)
        }}
      >
        <Workflow size={14} />
        <span className={styles['label']}>{baseName(path)}</span>
        {dirty && <span className="visually-hidden">, unsaved</span>}
      </button>
      <button
        type="button"
        className={styles['close']}
        data-dirty={dirty}
        title={`Close ${baseName(path)}`}
        aria-hidden
        tabIndex={-1}
        onClick={() => closeDocument(path)}
      >
        <X size={13} />
      </button>
    </div>
  )
}

/** Moves to the tab beside, and shows its document. */
function walkTabs(event: KeyboardEvent<HTMLElement>): void {
  const tabs = [
    ...(event.currentTarget.closest('[role="tablist"]')?.querySelectorAll<HTMLElement>('[role="tab"]') ?? []),
  ]
  const index = tabs.indexOf(event.currentTarget) + (event.key === 'ArrowRight' ? 1 : -1)
  const next = tabs.at(index % tabs.length)
  event.preventDefault()
  next?.focus()
  next?.click()
}
