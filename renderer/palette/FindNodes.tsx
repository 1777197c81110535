import { Command } from 'cmdk'
import { Search } from 'lucide-react'
import { useState } from 'react'
import type { Flow, FlowNode } from '../../model/document.ts'
import { canvasFlow } from '../canvas/canvasEdit.ts'
import { canvasStore, useCanvas } from '../canvas/canvasStore.ts'
import { focusCanvas } from '../keymap/dispatcher.ts'
import { nodeFace } from '../canvas/nodeFace.ts'
import { selectionStore } from '../state/selectionStore.ts'
import { FloatingList } from './FloatingList.tsx'
import { KindIcon } from './KindIcon.tsx'
import { rankLabel } from './rank.ts'
import styles from './palette.module.css'

/** A longer list helps nobody and takes long to draw. */
const shownAtMost = 100

function close(): void {
  canvasStore.setState({ finding: false })
  focusCanvas()
}

/** Finds nodes by label, id, kind and any text in their settings. */
export function FindNodes() {
  const finding = useCanvas((state) => state.finding)
  return finding ? <FindList /> : null
}

/** The list opens in the canvas's upper right corner, where it covers least. */
function canvasCorner() {
  const box = document.querySelector('.react-flow')?.getBoundingClientRect()
  return box ? { x: box.right - 336, y: box.top + 12 } : { x: 0, y: 0 }
}

/** Nodes whose label, id, kind or settings hold what is typed, best first. */
export function findNodes(flow: Flow, search: string): { readonly id: string; readonly node: FlowNode }[] {
  const found = Object.entries(flow.nodes).map(([id, node]) => {
    const face = nodeFace(node)
    const texts = [id, face.kindLabel, node.kind, face.subtitle, JSON.stringify(node.data ?? {})]
    return { id, node, rank: rankLabel(face.title, search, texts) }
  })
  return found
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .slice(0, shownAtMost)
}

/** The list is ranked here, over all nodes of the flow, so that the shown ones are all that is drawn. */
const asRanked = () => 1

function FindList() {
  const [typed, setTyped] = useState('')
  const flow = canvasFlow()
  const nodes = flow ? findNodes(flow, typed) : []
  return (
    <FloatingList at={canvasCorner()} label="Find nodes" onClose={close} filter={asRanked}>
      <div className={styles['search']}>
        <Search size={15} aria-hidden />
        <Command.Input
          className={styles['input']}
          placeholder="Find by label, kind or any setting"
          value={typed}
          onValueChange={setTyped}
          autoFocus
        />
      </div>
      <Command.List className={styles['list']}>
        <Command.Empty className={styles['empty']}>No node holds this text.</Command.Empty>
        {nodes.map(({ id, node }) => (
          <FoundNode key={id} id={id} node={node} />
        ))}
      </Command.List>
    </FloatingList>
  )
}

function FoundNode({ id, node }: { readonly id: string; readonly node: FlowNode }) {
  const face = nodeFace(node)
  return (
    <Command.Item
      className={styles['item']}
      value={id}
      onSelect={() => {
        selectionStore.getState().reveal(id)
        close()
      }}
    >
      <span className={styles['tile']}>
        <KindIcon name={face.icon} size={15} />
      </span>
      <span className={styles['words']}>
        <span className={styles['name']}>{face.title}</span>
        <span className={styles['summary']}>{face.subtitle}</span>
      </span>
      <span className={styles['aside']}>{id}</span>
    </Command.Item>
  )
}
