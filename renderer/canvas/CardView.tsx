import clsx from 'clsx'
import { CircleAlert, type LucideIcon, PencilLine, Pin, Power, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { KindIcon } from '../palette/KindIcon.tsx'
import type { NodeRunView } from '../state/nodeRun.ts'
import type { CardGeometry } from './cardGeometry.ts'
import styles from './CardView.module.css'
import type { NodeFace } from './nodeFace.ts'
import { StatePill } from './StatePill.tsx'

/** Problems of a node, as its badge counts them. */
export interface CardProblems {
  readonly errors: number
  readonly warnings: number
  /** Their messages, one per line. */
  readonly text: string
}

export interface CardViewProps {
  readonly face: NodeFace
  readonly geometry: CardGeometry
  /** Undefined where no run is shown. */
  readonly run?: NodeRunView | undefined
  readonly statusLine?: string | undefined
  readonly selected?: boolean
  readonly disabled?: boolean
  readonly pinned?: boolean
  readonly breakpoint?: boolean
  /** The node was changed since the run that is shown. */
  readonly edited?: boolean
  /** A wire is being drawn that cannot end here. */
  readonly dimmed?: boolean
  readonly problems?: CardProblems | undefined
  /** What stands in the place of the label while it is being renamed. */
  readonly rename?: ReactNode
  /** Streaming text, or what the kind draws itself. */
  readonly body?: ReactNode
  readonly onUnfold?: (() => void) | undefined
  readonly onProblem?: (() => void) | undefined
}

/** A node's card at reading size. Draws to the numbers of its geometry; knows no store, so that every state can be shown. */
export function CardView(props: CardViewProps) {
  const { face, geometry, run } = props
  return (
    <div
      className={clsx(
        styles['card'],
        run && styles[run.status],
        props.selected && styles['selected'],
        props.disabled && styles['disabled'],
        props.dimmed && styles['dimmed'],
        !face.known && styles['unknownKind'],
      )}
      data-status={run?.status}
    >
      <CardHeader {...props} />
      {run && <StatePill run={run} statusLine={props.statusLine} />}
      {geometry.bodyHeight > 0 && (
        <div className={styles['body']} style={{ height: geometry.bodyHeight }}>
          {props.body}
        </div>
      )}
      <PortsFooter geometry={geometry} onUnfold={props.onUnfold} />
      <SupplyFooter geometry={geometry} />
      <CardTags {...props} />
    </div>
  )
}

function CardHeader({ face, geometry, rename }: CardViewProps) {
  return (
    <div className={styles['header']} style={{ height: geometry.headerHeight }}>
      <span className={styles['tile']}>
        <KindIcon name={face.icon} />
      </span>
      <div className={styles['words']}>
        {rename ?? (
          <div className={clsx(styles['label'], geometry.labelLines === 2 && styles['twoLines'])} title={face.title}>
            {face.title}
          </div>
        )}
        <div className={clsx(styles['subtitle'], face.plainSubtitle && styles['plain'])} title={face.subtitle}>
          {face.subtitle}
        </div>
      </div>
    </div>
  )
}

function PortsFooter({
  geometry,
  onUnfold,
}: {
  readonly geometry: CardGeometry
  readonly onUnfold: (() => void) | undefined
}) {
  if (geometry.footer.length === 0) return null
  return (
    <div className={styles['ports']}>
      {geometry.footer.map((port) => (
        <div key={port.name} className={styles['port']} title={port.label ?? port.name}>
          {port.label ?? port.name}
        </div>
      ))}
      {geometry.folded.length > 0 && (
        <button
          type="button"
          className={clsx(styles['port'], styles['more'], 'nodrag')}
          title={geometry.folded.map((port) => port.label ?? port.name).join(', ')}
          onClick={onUnfold}
        >
          +{geometry.folded.length}
        </button>
      )}
    </div>
  )
}

function SupplyFooter({ geometry }: { readonly geometry: CardGeometry }) {
  if (geometry.supplies.length === 0) return null
  return (
    <div className={styles['supplies']}>
      {geometry.supplies.map((port) => (
        <span key={port.name} className={styles['supply']} style={{ left: port.x }}>
          {port.label ?? port.name}
        </span>
      ))}
    </div>
  )
}

interface TagText {
  readonly words: string
  readonly icon: LucideIcon
  readonly title: string
}

function tagsOf({ edited, pinned, disabled }: CardViewProps): readonly TagText[] {
  return [
    ...(edited
      ? [
          {
            words: 'changed',
            icon: PencilLine,
            title: 'Changed since this run: the run shows what the node did before',
          },
        ]
      : []),
    ...(pinned ? [{ words: 'pinned', icon: Pin, title: 'Pinned: uses its pinned output instead of running' }] : []),
    ...(disabled ? [{ words: 'disabled', icon: Power, title: 'Disabled: passes its input through' }] : []),
  ]
}

/** Above this many, tags are glyphs alone. */
const mostWorded = 2

function CardTags(props: CardViewProps) {
  const { breakpoint, problems, onProblem } = props
  const tags = tagsOf(props)
  return (
    <>
      {breakpoint && <span className={styles['breakpoint']} title="Breakpoint" role="img" aria-label="Breakpoint" />}
      <div className={styles['tags']}>
        {tags.map(({ words, icon: Icon, title }) => (
          <span key={words} className={styles['tag']} title={title}>
            <Icon size={11} aria-hidden />
            <span className={tags.length > mostWorded ? 'visually-hidden' : undefined}>{words}</span>
          </span>
        ))}
        {problems && <ProblemBadge problems={problems} onProblem={onProblem} />}
      </div>
    </>
  )
}

/** The number of a node's problems; errors and warnings differ in glyph as well as tone. */
export function ProblemBadge({
  problems,
  onProblem,
}: {
  readonly problems: CardProblems
  readonly onProblem?: (() => void) | undefined
}) {
  const errors = problems.errors > 0
  const Icon = errors ? CircleAlert : TriangleAlert
  const count = problems.errors + problems.warnings
  return (
    <button
      type="button"
      className={clsx(styles['problem'], errors ? styles['error'] : styles['warning'], 'nodrag')}
      title={problems.text}
      aria-label={`${count} ${count === 1 ? 'problem' : 'problems'}: ${problems.text}`}
      onClick={onProblem}
    >
      <Icon size={12} strokeWidth={2.25} aria-hidden />
      {count > 1 && count}
    </button>
  )
}
