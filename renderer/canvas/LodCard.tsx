import clsx from 'clsx'
import { CircleAlert, TriangleAlert } from 'lucide-react'
import { KindIcon } from '../palette/KindIcon.tsx'
import type { CardViewProps } from './CardView.tsx'
import styles from './LodCard.module.css'
import { statusLooks } from './statusLook.ts'

interface LodCardProps extends CardViewProps {
  readonly block: boolean
}

/** A card from afar: glyph, state and one line whose size stays the same on the screen; further off, a block of colour. */
export function LodCard({ block, face, run, selected, disabled, breakpoint, dimmed, problems }: LodCardProps) {
  const look = run && run.status !== 'idle' ? statusLooks[run.status] : undefined
  const StateIcon = look?.icon
  const ProblemIcon = problems && problems.errors > 0 ? CircleAlert : TriangleAlert
  return (
    <div
      className={clsx(
        styles['card'],
        look && styles[look.tone],
        run?.status === 'skipped' && styles['skipped'],
        selected && styles['selected'],
        disabled && styles['disabled'],
        dimmed && styles['dimmed'],
      )}
      title={face.title}
      data-status={run?.status}
    >
      {!block && (
        <div className={styles['line']}>
          {StateIcon ? <StateIcon size={12} strokeWidth={2.5} aria-hidden /> : <KindIcon name={face.icon} size={12} />}
          <span className={styles['label']}>{face.title}</span>
        </div>
      )}
      {breakpoint && <span className={styles['breakpoint']} />}
      {problems && (
        <span
          className={clsx(styles['problem'], problems.errors > 0 ? styles['error'] : styles['warning'])}
          title={problems.text}
        >
          <ProblemIcon size={12} strokeWidth={2.5} aria-hidden />
        </span>
      )}
    </div>
  )
}
