import { Eye, EyeOff } from 'lucide-react'
import type { Json } from '../../model/json.ts'
import { shortValue } from '../console/valueRows.ts'
import styles from './PreviewLine.module.css'
import { usePreview } from './usePreview.ts'

interface PreviewLineProps {
  readonly node: string
  readonly template: Json | undefined
  readonly wanted: boolean
}

/** Under a field with expressions: what it would give now, or why it gives nothing. */
export function PreviewLine({ node, template, wanted }: PreviewLineProps) {
  const preview = usePreview(node, template, wanted)
  if (!preview) return null
  const failed = 'error' in preview
  const Icon = failed ? EyeOff : Eye
  const text = failed
    ? preview.error.message
    : typeof preview.value === 'string'
      ? `“${preview.value}”`
      : shortValue(preview.value, 400)
  return (
    <p className={styles['line']} title={failed ? undefined : JSON.stringify(preview.value, null, 2).slice(0, 2000)}>
      <Icon size={13} aria-label={failed ? 'No preview' : 'Preview'} />
      <span>{text}</span>
    </p>
  )
}
