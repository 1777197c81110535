import {
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CloudOff,
  LoaderCircle,
  Pause,
  ShieldAlert,
  ShieldCheck,
} from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import { formatDuration } from '../../model/duration.ts'
import type { RunSummary } from '../../model/protocol.ts'
import { formatExact, formatTime, formatUsage, plural } from '../controls/format.ts'
import { Hint } from '../controls/Hint.tsx'
import { useDrafts } from '../files/draftStore.ts'
import { isDirty, useActiveDocument, useDocuments } from '../state/documentStore.ts'
import { useRuns } from '../state/runStore.ts'
import { useConnection } from './engine.ts'
import styles from './Footer.module.css'
import { needsNothing } from './permissions.ts'
import { showConsole, showLeft } from './viewStore.ts'

/** The lower edge: whether work is safe, whether the flow may act, how the last run went. */
export function Footer() {
  const path = useDocuments((state) => state.active)
  return (
    <footer className={styles['footer']}>
      <Connection />
      {path !== undefined && (
        <>
          <SavedState path={path} />
          <TrustState path={path} />
          <Counts />
        </>
      )}
      <span className={styles['gap']} />
      {path !== undefined && <LastRun path={path} />}
    </footer>
  )
}

function Item({
  icon,
  tone,
  hint,
  children,
}: {
  readonly icon: ReactNode
  readonly tone?: string
  readonly hint: string
  readonly children: ReactNode
}) {
  return (
    <Hint label={hint} side="top">
      <span className={styles['item']} data-tone={tone} tabIndex={0}>
        {icon}
        {children}
      </span>
    </Hint>
  )
}

function Connection() {
  const connection = useConnection()
  if (connection.status === 'connected') return null
  if (connection.status === 'connecting') {
    return (
      <Item icon={<LoaderCircle size={13} className={styles['spin']} />} hint="The window is connecting to the engine.">
        Connecting …
      </Item>
    )
  }
  return (
    <Item icon={<CloudOff size={13} />} tone="fail" hint={connection.message}>
      Engine not reachable
    </Item>
  )
}

function SavedState({ path }: { readonly path: string }) {
  const dirty = useDocuments((state) => {
    const document = state.documents[path]
    return document !== undefined && isDirty(document)
  })
  const draft = useDrafts((state) => state.drafts[path])
  const writing = useDrafts((state) => state.writing.has(path))
  if (writing)
    return (
      <Item icon={<LoaderCircle size={13} className={styles['spin']} />} hint={`Writing ${path}`}>
        Saving …
      </Item>
    )
  if (!dirty)
    return (
      <Item icon={<CircleCheck size={13} />} hint={`${path} holds this flow as you see it.`}>
        Saved
      </Item>
    )
  if (draft?.status === 'failed') {
    return (
      <Item icon={<CircleAlert size={13} />} tone="fail" hint={`Edits are kept nowhere yet: ${draft.message}`}>
        Edits not kept
      </Item>
    )
  }
  if (draft?.status === 'kept') {
    const hint = `Edits are safe in the journal since ${formatTime(draft.savedAt)}. Save (Ctrl+S) writes them to ${path}.`
    return (
      <Item icon={<CircleDashed size={13} />} hint={hint}>
        Unsaved, edits kept
      </Item>
    )
  }
  return (
    <Item icon={<CircleDashed size={13} />} hint="The edits reach the journal within a second.">
      Unsaved
    </Item>
  )
}

function TrustState({ path }: { readonly path: string }) {
  const trusted = useDocuments((state) => state.documents[path]?.trusted)
  const harmless = useDocuments((state) => {
    const document = state.documents[path]
    return document !== undefined && needsNothing(document.flow)
  })
  if (trusted === undefined) return null
  if (trusted)
    return (
      <Item icon={<ShieldCheck size={13} />} hint="This flow may use the services its nodes name.">
        Trusted
      </Item>
    )
  if (harmless) {
    return (
      <Item
        icon={<ShieldCheck size={13} />}
        hint="Nothing in this flow reaches outside, so it runs without being trusted."
      >
        Needs no trust
      </Item>
    )
  }
  return (
    <Item icon={<ShieldAlert size={13} />} tone="wait" hint="Until you trust it, this flow is only drawn and verified.">
      Not trusted
    </Item>
  )
}

function Counts() {
  const nodes = useActiveDocument((document) => Object.keys(document.flow.nodes).length) ?? 0
  const problems =
    useActiveDocument((document) => document.diagnostics.filter((d) => d.severity !== 'info').length) ?? 0
  const errors = useActiveDocument((document) => document.diagnostics.some((d) => d.severity === 'error')) ?? false
  return (
    <span className={styles['item']}>
      {plural(nodes, 'node')}
      {problems > 0 && (
        <>
          {' · '}
          <button
            type="button"
            className={styles['link']}
            data-tone={errors ? 'fail' : undefined}
            onClick={() => showConsole('problems')}
          >
            {plural(problems, 'problem')}
          </button>
        </>
      )}
    </span>
  )
}

function LastRun({ path }: { readonly path: string }) {
  const run = useRuns((state) => {
    const runId = state.shown[path]
    return runId === undefined ? undefined : state.runs[runId]
  })
  const last = useRuns((state) => state.list.find((summary) => summary.flow === path))
  const summary = run?.summary ?? last
  if (summary?.status === 'running') return <Running summary={summary} />
  if (summary?.status === 'waiting') {
    return (
      <Item
        icon={<Pause size={13} />}
        tone="wait"
        hint="The run waits for a time, a person or a signal. It may be closed; it goes on by itself."
      >
        Waiting
      </Item>
    )
  }
  if (!summary) return null
  const parts = [
    `Last run ${summary.status === 'completed' ? '' : `${summary.status} after `}${summary.durationMs === undefined ? '' : formatDuration(summary.durationMs)}`,
    ...(summary.usage ? [formatUsage(summary.usage)] : []),
  ]
  return (
    <Hint label={`Started ${formatExact(summary.startedAt)}`} side="top">
      <button
        type="button"
        className={styles['link']}
        onClick={() => (run ? showConsole('timeline') : showLeft('runs'))}
      >
        {parts.join(' · ')}
      </button>
    </Hint>
  )
}

function Running({ summary }: { readonly summary: RunSummary }) {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250)
    return () => clearInterval(timer)
  }, [])
  return (
    <span className={styles['item']} data-tone="run">
      <LoaderCircle size={13} className={styles['spin']} />
      Running · {formatDuration(Math.max(0, now - Date.parse(summary.startedAt)))}
      {summary.usage && ` · ${formatUsage(summary.usage)}`}
    </span>
  )
}
