import { Command } from 'cmdk'
import { Search } from 'lucide-react'
import { useState } from 'react'
import type { Flow } from '../../model/document.ts'
import { type NodeSpec, paletteGroups } from '../../model/nodeSpec.ts'
import { addNodeFor, fitsRequest } from '../canvas/addNodes.ts'
import { canvasFlow } from '../canvas/canvasEdit.ts'
import { type AddRequest, canvasStore, useCanvas } from '../canvas/canvasStore.ts'
import { focusCanvas } from '../keymap/dispatcher.ts'
import { viewMiddle } from '../canvas/canvasView.ts'
import { kinds } from '../kinds.ts'
import { selectionStore } from '../state/selectionStore.ts'
import { FloatingList } from './FloatingList.tsx'
import { rankKind, readKindSearch } from './kindSearch.ts'
import { KindIcon } from './KindIcon.tsx'
import styles from './palette.module.css'

/** Closes the list; a new node that asks for a setting has the focus already. */
function close(): void {
  canvasStore.setState({ adding: undefined })
  if (selectionStore.getState().fieldRequest === undefined) focusCanvas()
}

/** What the list says it will do with the kind chosen. */
function titleOf(flow: Flow | undefined, request: AddRequest): string {
  if (request.edge !== undefined) return 'Insert on the edge'
  const { from } = request
  if (!from) return 'Add a node'
  const name = flow?.nodes[from.node]?.label ?? from.node
  if (from.type === 'target') return `Lead to ${name} · ${from.handle}`
  return from.handle === 'out' ? `After ${name}` : `After ${name} · ${from.handle}`
}

/** The search list for a new node: only kinds that fit where it was asked for, placed and wired when chosen. */
export function AddNodeMenu() {
  const request = useCanvas((state) => state.adding)
  if (!request) return null
  return <AddNodeList request={request} />
}

function AddNodeList({ request }: { readonly request: AddRequest }) {
  const [typed, setTyped] = useState('')
  const { label } = readKindSearch(typed)
  const flow = canvasFlow()
  const fitting = flow ? [...kinds.values()].filter((spec) => fitsRequest(flow, request, spec)) : []
  const choose = (spec: NodeSpec) => {
    addNodeFor(request, spec, viewMiddle().at, label)
    close()
  }
  return (
    <FloatingList at={request.screen} label={titleOf(flow, request)} onClose={close} filter={rankKind}>
      <div className={styles['search']}>
        <Search size={15} aria-hidden />
        <Command.Input
          className={styles['input']}
          placeholder={titleOf(flow, request)}
          value={typed}
          onValueChange={setTyped}
          autoFocus
        />
      </div>
      <Command.List className={styles['list']}>
        <Command.Empty className={styles['empty']}>No node of that name fits here.</Command.Empty>
        {paletteGroups.map((group) => {
          const specs = fitting.filter((spec) => spec.palette.group === group)
          return (
            specs.length > 0 && (
              <Command.Group key={group} heading={group} className={styles['group']}>
                {specs.map((spec) => (
                  <KindItem key={spec.kind} spec={spec} onChoose={choose} />
                ))}
              </Command.Group>
            )
          )
        })}
      </Command.List>
      <p className={styles['hint']}>
        {label === undefined ? (
          <>
            A colon gives it a name: <kbd>http: Users</kbd>
          </>
        ) : (
          <>
            Named <strong>{label}</strong>
          </>
        )}
      </p>
    </FloatingList>
  )
}

function KindItem({ spec, onChoose }: { readonly spec: NodeSpec; readonly onChoose: (spec: NodeSpec) => void }) {
  const { label, icon, summary, keywords } = spec.palette
  return (
    <Command.Item
      className={styles['item']}
      value={label}
      keywords={[spec.kind, ...keywords]}
      data-kind={spec.kind}
      onSelect={() => {
        onChoose(spec)
      }}
    >
      <span className={styles['tile']}>
        <KindIcon name={icon} size={15} />
      </span>
      <span className={styles['words']}>
        <span className={styles['name']}>{label}</span>
        <span className={styles['summary']} title={summary}>
          {summary}
        </span>
      </span>
    </Command.Item>
  )
}
