import { Dialog } from '../controls/Dialog.tsx'
import { groupBy } from '../controls/groupBy.ts'
import { useCommandViews, type CommandView } from '../keymap/commands.ts'
import { closeDialog, useDialog } from './dialogStore.ts'
import styles from './ShortcutSheet.module.css'

/** Gestures that are no commands, and so in no table. */
const gestures = [
  ['Drag on empty canvas', 'select by a box'],
  ['Shift-click', 'add to the selection'],
  ['Space-drag or middle-drag', 'pan'],
  ['Ctrl-wheel or pinch', 'zoom'],
  ['Double-click on empty canvas', 'add a node'],
  ['Drop a node on an edge', 'insert it there'],
  ['Drag a value from the console', 'into a field: the expression that reads it'],
] as const

/** Every shortcut of this host, read from the keymap. */
export function ShortcutSheet() {
  const open = useDialog('shortcuts') !== undefined
  const commands = useCommandViews().filter((command) => command.shownKeys.length > 0 && !command.hidden)
  const groups = groupBy(commands, (command) => command.group)
  return (
    <Dialog
      reading
      open={open}
      onClose={closeDialog}
      title="Keyboard shortcuts"
      description="Single letters act while the canvas has the focus."
      width={820}
    >
      <div className={styles['sheet']}>
        {[...groups].map(([group, entries]) => (
          <ShortcutGroup key={group} group={group} entries={entries} />
        ))}
        <section className={styles['group']}>
          <h3>Gestures</h3>
          {gestures.map(([gesture, does]) => (
            <div key={gesture} className={styles['row']}>
              <span>{gesture}</span>
              <span className={styles['does']}>{does}</span>
            </div>
          ))}
        </section>
      </div>
    </Dialog>
  )
}

function ShortcutGroup({ group, entries }: { readonly group: string; readonly entries: readonly CommandView[] }) {
  return (
    <section className={styles['group']}>
      <h3>{group}</h3>
      {entries.map((command) => (
        <div key={command.id} className={styles['row']}>
          <span>{command.label.replace(/…$/, '')}</span>
          <span className={styles['keys']}>
            {command.shownKeys.slice(0, 2).map((keys) => (
              <kbd key={keys}>{keys}</kbd>
            ))}
          </span>
        </div>
      ))}
    </section>
  )
}
