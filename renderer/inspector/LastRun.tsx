import { Copy, Pin, Play } from 'lucide-react'
import { toast } from 'sonner'
import { formatDuration } from '../../model/duration.ts'
import { helpFor } from '../../model/errorCodes.ts'
import type { Failure } from '../../model/failure.ts'
import type { Json } from '../../model/json.ts'
import type { NodeState } from '../../model/runState.ts'
import { setPin } from '../../model/edits/settings.ts'
import { resolveWhole, wholeText } from '../console/wholeValue.ts'
import { ValueTree } from '../console/ValueTree.tsx'
import { Button, IconButton } from '../controls/Button.tsx'
import { EmptyState } from '../controls/EmptyState.tsx'
import { formatExact, formatTime, formatUsage, plural } from '../controls/format.ts'
import { runNode } from '../runs/runCommands.ts'
import { useShownState } from '../runs/shownState.ts'
import { openDialog } from '../shell/dialogStore.ts'
import { attempt } from '../shell/report.ts'
import { documentStore, useActiveDocument, useDocuments } from '../state/documentStore.ts'
import { NodeStatusLine } from './NodeStatusLine.tsx'
import styles from './Inspector.module.css'
import { UnknownBox } from './UnknownBox.tsx'

/** What a node read, gave, or failed with in the run on the canvas; and what can be done with it. */
export function LastRun({ id }: { readonly id: string }) {
  const path = useDocuments((state) => state.active)
  const state = useShownState(path, (run) => run.nodes[run.latest[id] ?? id])
  const runId = useShownState(path, (run) => run.runId)
  const pin = useActiveDocument((document) => document.flow.pins?.[id])
  if (path === undefined) return null
  return (
    <div className={styles['fields']}>
      <div className={styles['actions']}>
        <Button size="s" onClick={() => runNode(path, id)}>
          <Play size={13} />
          Run this node
        </Button>
        <Button
          size="s"
          look="plain"
          onClick={() => openDialog({ type: 'run-node', path, node: id, input: undefined })}
        >
          With pasted input …
        </Button>
      </div>
      {state?.status === 'unknown' && runId !== undefined && <UnknownBox runId={runId} node={state.path} />}
      {pin && (
        <Value title={`Pinned output, on ${pin.port}`} name="output" value={pin.output} root={`nodes.${id}.output`} />
      )}
      {state ? <NodeResult id={id} state={state} /> : !pin && <NothingYet />}
    </div>
  )
}

function NothingYet() {
  return (
    <EmptyState title="Not run yet">
      Run the flow, or this node alone. What it read and what it gave appears here; values can be dragged into settings
      of other nodes.
    </EmptyState>
  )
}

function NodeResult({ id, state }: { readonly id: string; readonly state: NodeState }) {
  return (
    <>
      <div className={styles['facts']}>
        <NodeStatusLine status={state.status} port={state.port} />
        {state.startedAt !== undefined && (
          <span title={formatExact(state.startedAt)}>{formatTime(state.startedAt)}</span>
        )}
        {state.startedAt !== undefined && state.endedAt !== undefined && (
          <span>{formatDuration(Date.parse(state.endedAt) - Date.parse(state.startedAt))}</span>
        )}
        {state.attempt > 1 && <span>{plural(state.attempt, 'attempt')}</span>}
        {state.visits > 1 && <span>{plural(state.visits, 'visit')}</span>}
        {state.usage && <span>{formatUsage(state.usage)}</span>}
        {state.source !== undefined && <span>from {state.source}</span>}
      </div>
      {state.error && <FailureBox failure={state.error} />}
      {state.data !== undefined && <Value title="Input" name="settings" value={state.data} />}
      {state.output !== undefined && (
        <Value
          title="Output"
          name="output"
          value={state.output}
          root={`nodes.${id}.output`}
          action={<PinButton id={id} port={state.port ?? 'out'} output={state.output} />}
        />
      )}
    </>
  )
}

/** A failure in full: what happened, its code, and what the code means. */
export function FailureBox({ failure }: { readonly failure: Failure }) {
  const help = helpFor(failure.code)
  return (
    <div className={styles['failure']} role="alert">
      <code>{failure.code}</code>
      <span>{failure.message}</span>
      {help !== undefined && help !== failure.message && <span>{help}</span>}
      {failure.details !== undefined && <ValueTree name="details" value={failure.details} maxHeight={160} />}
    </div>
  )
}

interface ValueProps {
  readonly title: string
  readonly name: string
  readonly value: Json
  readonly root?: string
  readonly action?: React.ReactNode
}

function Value({ title, name, value, root, action }: ValueProps) {
  return (
    <section className={styles['section']}>
      <div className={styles['sectionHead']}>
        {title}
        <span style={{ display: 'flex', alignItems: 'center' }}>
          {action}
          <IconButton
            label={`Copy ${title.toLowerCase()}`}
            size="s"
            onClick={() => attempt('copy', () => copyValue(value))}
          >
            <Copy size={13} />
          </IconButton>
        </span>
      </div>
      <div className={styles['box']}>
        <ValueTree name={name} value={value} {...(root === undefined ? {} : { root })} />
      </div>
    </section>
  )
}

async function copyValue(value: Json): Promise<void> {
  await navigator.clipboard.writeText(await wholeText(value))
  toast.success('Copied')
}

function PinButton({ id, port, output }: { readonly id: string; readonly port: string; readonly output: Json }) {
  const pin = async () => {
    const whole = await resolveWhole(output)
    documentStore.getState().edit('Pin output', (flow) => setPin(flow, id, { port, output: whole }))
  }
  return (
    <IconButton label="Pin: later runs use this output" size="s" onClick={() => attempt('pin the output', pin)}>
      <Pin size={13} />
    </IconButton>
  )
}
