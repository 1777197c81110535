import { Ban, Pin } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import type { Diagnostic } from '../../model/diagnostics.ts'
import type { FlowNode } from '../../model/document.ts'
import { nodeFace } from '../canvas/nodeFace.ts'
import { setDisabled, setLabel, setPin } from '../../model/edits/settings.ts'
import { Button } from '../controls/Button.tsx'
import { EmptyState } from '../controls/EmptyState.tsx'
import { Tabs } from '../controls/Tabs.tsx'
import { kinds } from '../kinds.ts'
import { KindIcon } from '../palette/KindIcon.tsx'
import { emptyRunState } from '../../model/runState.ts'
import { shownRunOf } from '../runs/shownState.ts'
import { activeDocument, documentStore, useActiveDocument } from '../state/documentStore.ts'
import { selectionStore, useSelection } from '../state/selectionStore.ts'
import { runStore } from '../state/runStore.ts'
import { ScopeContext } from './completion/ScopeContext.ts'
import { scopeShape } from './completion/scopeShape.ts'
import { unknownShape, type Shape } from './completion/shape.ts'
import styles from './Inspector.module.css'
import { LastRun } from './LastRun.tsx'
import { idProblem, setId } from './nodeEdits.ts'
import { NodeSettings } from './NodeSettings.tsx'
import { PolicyEditor } from './PolicyEditor.tsx'
import { useFieldFocus } from './useFieldFocus.ts'

type NodeTab = 'settings' | 'policy' | 'run'

interface NodeInspectorProps {
  readonly id: string
  readonly node: FlowNode
}

/** Everything about one node: its settings, its policy, its last run. */
export function NodeInspector({ id, node }: NodeInspectorProps) {
  const [tab, setTab] = useState<NodeTab>('settings')
  const diagnostics = useActiveDocument((document) => document.diagnostics) ?? []
  const problems = diagnostics.filter((problem) => problem.node === id)
  const wanted = useSelection((state) => (state.fieldRequest?.node === id ? state.fieldRequest : undefined))
  useEffect(() => {
    if (wanted) setTab(wanted.field?.startsWith('policy') === true ? 'policy' : 'settings')
  }, [wanted])
  const scroll = useFieldFocus(wanted, tab)
  const scope = useCallback(() => scopeOf(id), [id])
  const marked = (prefix: string) => {
    const found = problems.filter(
      (problem) => problem.field?.startsWith(prefix) === true && problem.severity !== 'info',
    )
    const tone = found.some((problem) => problem.severity === 'error') ? 'fail' : 'wait'
    return found.length === 0 ? {} : ({ badge: String(found.length), tone } as const)
  }
  return (
    <>
      <NodeHeader id={id} node={node} />
      <NodeStrips id={id} node={node} />
      <Tabs
        label="Inspector"
        value={tab}
        onChange={setTab}
        tabs={[
          { name: 'settings', label: 'Settings', ...marked('data') },
          { name: 'policy', label: 'Policy', ...marked('policy') },
          { name: 'run', label: 'Last run' },
        ]}
      >
        <div ref={scroll} className={styles['scroll']}>
          <ScopeContext value={scope}>
            <NodeTabContent tab={tab} id={id} node={node} problems={problems} />
          </ScopeContext>
        </div>
      </Tabs>
    </>
  )
}

/** What expressions of a node can read at this moment. */
function scopeOf(id: string): Shape {
  const document = activeDocument(documentStore.getState())
  if (!document) return unknownShape
  const run = shownRunOf(runStore.getState(), document.path)
  return scopeShape(document.flow, id, run?.state ?? emptyRunState)
}

interface NodeTabContentProps extends NodeInspectorProps {
  readonly tab: NodeTab
  readonly problems: readonly Diagnostic[]
}

function NodeTabContent({ tab, id, node, problems }: NodeTabContentProps) {
  if (tab === 'run') return <LastRun id={id} />
  if (tab === 'policy') return <PolicyEditor key={id} id={id} node={node} problems={problems} />
  const spec = kinds.get(node.kind)
  if (spec) return <NodeSettings key={id} id={id} node={node} spec={spec} problems={problems} />
  return (
    <EmptyState title={`No kind called ${node.kind}`}>
      This version does not know it. The node is kept as it is and cannot run; everything else can be edited.
    </EmptyState>
  )
}

function NodeHeader({ id, node }: NodeInspectorProps) {
  const face = nodeFace(node)
  const { edit, endMerge } = documentStore.getState()
  return (
    <header className={styles['header']}>
      <span className={styles['tile']}>
        <KindIcon name={face.icon} size={17} />
      </span>
      <div className={styles['names']}>
        <input
          className={styles['label']}
          aria-label="Label"
          value={node.label ?? ''}
          placeholder={face.kindLabel}
          onChange={(event) => {
            const label = event.currentTarget.value
            edit('Rename', (flow) => setLabel(flow, id, label), { merge: `${id}.label` })
          }}
          onBlur={endMerge}
        />
        <div className={styles['kind']}>
          {face.kindLabel} ·
          <NodeId key={id} id={id} />
        </div>
      </div>
    </header>
  )
}

/** The id under which expressions name the node; a new one is written into all of them. */
function NodeId({ id }: { readonly id: string }) {
  const [text, setText] = useState(id)
  const problem = useActiveDocument((document) => idProblem(document.flow, id, text))
  const apply = () => {
    if (problem !== undefined || text === id) {
      setText(id)
      return
    }
    documentStore.getState().edit(`Rename ${id} to ${text}`, (flow) => setId(flow, id, text))
    selectionStore.getState().select({ nodes: [text] })
  }
  return (
    <input
      className={styles['id']}
      aria-label="Id"
      value={text}
      spellCheck={false}
      aria-invalid={problem === undefined ? undefined : true}
      title={problem ?? 'The name under which expressions read this node. Renaming changes them all.'}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={apply}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur()
        if (event.key === 'Escape') {
          event.preventDefault()
          setText(id)
        }
      }}
    />
  )
}

/** What keeps the node from running as it says: a pin, or being disabled. */
function NodeStrips({ id, node }: NodeInspectorProps) {
  const pinned = useActiveDocument((document) => document.flow.pins?.[id] !== undefined) ?? false
  const { edit } = documentStore.getState()
  const disabled = node.disabled !== undefined && node.disabled !== false
  return (
    <>
      {pinned && (
        <div className={styles['strip']}>
          <Pin size={14} />
          <span>Pinned: runs use the pinned output, the node itself does not run.</span>
          <Button size="s" look="plain" onClick={() => edit('Unpin', (flow) => setPin(flow, id, undefined))}>
            Unpin
          </Button>
        </div>
      )}
      {disabled && (
        <div className={styles['strip']}>
          <Ban size={14} />
          <span>Disabled: what comes in passes through.</span>
          <Button size="s" look="plain" onClick={() => edit('Enable', (flow) => setDisabled(flow, [id], false))}>
            Enable
          </Button>
        </div>
      )}
    </>
  )
}
