import { Command } from 'cmdk'
import { Search, Unlink } from 'lucide-react'
import type { Flow } from '../../model/document.ts'
import { formatEdge } from '../../model/edges.ts'
import { connect, disconnect } from '../../model/edits/edges.ts'
import { canvasFlow, editOnCanvas } from '../canvas/canvasEdit.ts'
import { canvasStore, type ConnectRequest, useCanvas, type WireEnd } from '../canvas/canvasStore.ts'
import { focusCanvas } from '../keymap/dispatcher.ts'
import { nodeFace } from '../canvas/nodeFace.ts'
import { edgeBetween, fittingEnds } from '../canvas/wireEnds.ts'
import { FloatingList } from './FloatingList.tsx'
import { KindIcon } from './KindIcon.tsx'
import styles from './palette.module.css'

/** One way to wire the node: from which outcome, to which end. */
interface Choice {
  readonly from: WireEnd
  readonly to: WireEnd
  readonly title: string
  readonly icon: string
  readonly ports: string
}

/** More entries than this take long to draw; a wire to a far node is drawn from there. */
const shownAtMost = 300

function close(): void {
  canvasStore.setState({ connectingTo: undefined })
  focusCanvas()
}

/** Names the ports of a choice where they are not the usual ones. */
function portWords(from: WireEnd, to: WireEnd): string {
  const left = from.handle === 'out' ? '' : `${from.handle} → `
  return to.handle === 'in' ? left.replace(' → ', '') : `${left}${to.handle}`
}

/** Every way to wire the node to another: the asked-for outcome first, then its others. */
function choicesOf(flow: Flow, from: WireEnd): Choice[] {
  const node = flow.nodes[from.node]
  if (!node) return []
  const others = nodeFace(node).outputs.filter((port) => port.name !== from.handle)
  const ends: WireEnd[] = [
    from,
    ...others.map((port): WireEnd => ({ node: from.node, handle: port.name, type: 'source' })),
  ]
  return ends.flatMap((end) =>
    Object.entries(flow.nodes).flatMap(([id, target]) => {
      const face = nodeFace(target)
      return fittingEnds(flow, end, id).map((to): Choice => ({
        from: end,
        to,
        title: face.title,
        icon: face.icon,
        ports: portWords(end, to),
      }))
    }),
  )
}

/** Wires the selected node to one that is chosen by name: drawing an edge with the keyboard alone. */
export function ConnectMenu() {
  const request = useCanvas((state) => state.connectingTo)
  return request ? <ConnectList request={request} /> : null
}

function ConnectList({ request }: { readonly request: ConnectRequest }) {
  const flow = canvasFlow()
  const choices = flow ? choicesOf(flow, request.from).slice(0, shownAtMost) : []
  const choose = (choice: Choice) => {
    const edge = edgeBetween(choice.from, choice.to)
    if (edge) editOnCanvas('Connect', (before) => connect(before, edge))
    close()
  }
  return (
    <FloatingList at={request.screen} label="Connect to" onClose={close}>
      <div className={styles['search']}>
        <Search size={15} aria-hidden />
        <Command.Input className={styles['input']} placeholder="Connect to…" autoFocus />
      </div>
      <Command.List className={styles['list']}>
        <Command.Empty className={styles['empty']}>No node can be connected here.</Command.Empty>
        {choices.map((choice) => (
          <Command.Item
            key={`${choice.from.handle} ${choice.to.node} ${choice.to.handle}`}
            className={styles['item']}
            value={`${choice.title} ${choice.to.node} ${choice.ports}`}
            onSelect={() => {
              choose(choice)
            }}
          >
            <span className={styles['tile']}>
              <KindIcon name={choice.icon} size={15} />
            </span>
            <span className={styles['words']}>
              <span className={styles['name']}>{choice.title}</span>
              <span className={styles['summary']}>{choice.to.node}</span>
            </span>
            <span className={styles['aside']}>{choice.ports}</span>
          </Command.Item>
        ))}
        {flow && <StandingEdges flow={flow} node={request.from.node} />}
      </Command.List>
    </FloatingList>
  )
}

/** The edges of the node as they stand, to be taken away: what the pointer does with a click and Delete. */
function StandingEdges({ flow, node }: { readonly flow: Flow; readonly node: string }) {
  const edges = flow.edges.filter((edge) => edge.from === node || edge.to === node)
  if (edges.length === 0) return null
  return (
    <Command.Group heading="Take away" className={styles['group']}>
      {edges.map((edge) => (
        <Command.Item
          key={formatEdge(edge)}
          className={styles['item']}
          value={`disconnect ${formatEdge(edge)}`}
          onSelect={() => {
            editOnCanvas('Disconnect', (before) => disconnect(before, edge))
            close()
          }}
        >
          <span className={styles['tile']}>
            <Unlink size={15} aria-hidden />
          </span>
          <span className={styles['words']}>
            <span className={styles['name']}>{formatEdge(edge).replace(' -> ', ' → ')}</span>
          </span>
        </Command.Item>
      ))}
    </Command.Group>
  )
}
