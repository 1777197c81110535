import { Redo2, Search, Undo2 } from 'lucide-react'
import { IconButton } from '../controls/Button.tsx'
import { Hint } from '../controls/Hint.tsx'
import { documentStore, useActiveDocument } from '../state/documentStore.ts'
import { openDialog } from './dialogStore.ts'
import { DocumentTabs } from './DocumentTabs.tsx'
import { Logo } from './Logo.tsx'
import { keyLabel } from '../keymap/commands.ts'
import { RunButtons } from './RunButtons.tsx'
import styles from './TopBar.module.css'

interface TopBarProps {
  /** Width of the logo's part, so that tabs begin where the canvas does. */
  readonly leadWidth: number
}

/** The upper edge of the window: whose it is, what is open, what can be done with it. */
export function TopBar({ leadWidth }: TopBarProps) {
  return (
    <header className={styles['bar']}>
      <div className={styles['lead']} style={{ width: leadWidth }}>
        <Logo />
        {leadWidth > 120 && <span className={styles['name']}>Switchyard</span>}
      </div>
      <DocumentTabs />
      <div className={styles['actions']}>
        <History />
        <Hint label="Search everything" keys={keyLabel('view.palette')}>
          <button
            type="button"
            className={styles['search']}
            onClick={() => openDialog({ type: 'palette' })}
            aria-label={`Search everything (${keyLabel('view.palette') ?? ''})`}
          >
            <Search size={16} />
            <kbd aria-hidden>{keyLabel('view.palette')}</kbd>
          </button>
        </Hint>
        <RunButtons />
      </div>
    </header>
  )
}

function History() {
  const undo = useActiveDocument((document) => document.past.at(-1)?.label)
  const redo = useActiveDocument((document) => document.future[0]?.label)
  const { undo: undoEdit, redo: redoEdit } = documentStore.getState()
  return (
    <>
      <IconButton
        label={undo === undefined ? 'Undo' : `Undo: ${undo}`}
        keys={keyLabel('edit.undo')}
        disabled={undo === undefined}
        onClick={undoEdit}
      >
        <Undo2 size={17} />
      </IconButton>
      <IconButton
        label={redo === undefined ? 'Redo' : `Redo: ${redo}`}
        keys={keyLabel('edit.redo')}
        disabled={redo === undefined}
        onClick={redoEdit}
      >
        <Redo2 size={17} />
      </IconButton>
    </>
  )
}
