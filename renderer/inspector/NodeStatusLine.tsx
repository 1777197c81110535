import { statusLooks } from '../canvas/statusLook.ts'
import type { NodeStatus } from '../../model/runState.ts'
import styles from './NodeStatusLine.module.css'

/** A node's state as glyph and word; the outcome chosen where it was a decision. */
export function NodeStatusLine({ status, port }: { readonly status: NodeStatus; readonly port: string | undefined }) {
  const look = statusLooks[status]
  const Icon = look.icon
  return (
    <span className={styles['status']} data-tone={look.tone}>
      <Icon size={13} />
      {status === 'done' && port !== undefined && port !== 'out' ? port : look.words}
    </span>
  )
}
