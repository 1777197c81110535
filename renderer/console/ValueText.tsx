import { useMemo } from 'react'
import type { Json } from '../../model/json.ts'
import { formatBytes } from '../controls/format.ts'
import { Dialog } from '../controls/Dialog.tsx'
import { useWholeValue } from './wholeValue.ts'
import styles from './ValueText.module.css'

interface ValueTextProps {
  readonly title: string
  readonly value: Json
  readonly onClose: () => void
}

/** Text drawn at once at most; the rest is said in words. */
const drawnLimit = 500_000

/** A long text in a window of its own. */
export function ValueText({ title, value: given, onClose }: ValueTextProps) {
  const value = useWholeValue(given)
  const text = useMemo(() => (typeof value === 'string' ? value : JSON.stringify(value, null, 2)), [value])
  const cut = text.length > drawnLimit
  return (
    <Dialog open onClose={onClose} title={title} description={formatBytes(new Blob([text]).size)} width={860}>
      <pre className={styles['text']}>{cut ? text.slice(0, drawnLimit) : text}</pre>
      {cut && <p>{formatBytes(text.length - drawnLimit)} more are not drawn; copying the value takes all of it.</p>}
    </Dialog>
  )
}
