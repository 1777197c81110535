import { MousePointerClick } from 'lucide-react'
import { keyLabel, runCommand } from '../keymap/commands.ts'
import styles from './EmptyCanvas.module.css'

/** What an empty canvas says: how a flow begins. */
export function EmptyCanvas() {
  return (
    <div className={styles['area']}>
      <div className={styles['words']}>
        <MousePointerClick size={24} strokeWidth={1.5} aria-hidden />
        <h2>Start with a node</h2>
        <p>
          Double-click anywhere, press <kbd>{keyLabel('add.node') ?? 'A'}</kbd>, or drag one from the library.
        </p>
        <div className={styles['actions']}>
          <button type="button" className={styles['primary']} onClick={() => runCommand('add.node')}>
            Add the first node
          </button>
          <button type="button" onClick={() => runCommand('file.templates')}>
            Start from a template
          </button>
        </div>
      </div>
    </div>
  )
}

/** What a canvas with nothing but its beginning says: how it goes on. */
export function FirstStep() {
  return (
    <div className={styles['step']}>
      Click the circle of the first node, or press <kbd>{keyLabel('add.node') ?? 'A'}</kbd>, to say what happens next.
    </div>
  )
}
