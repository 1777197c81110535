import { Command } from 'cmdk'
import { Search } from 'lucide-react'
import { canvasFlow } from '../canvas/canvasEdit.ts'
import { canvasStore, useCanvas } from '../canvas/canvasStore.ts'
import { focusCanvas } from '../keymap/dispatcher.ts'
import { nodeFace } from '../canvas/nodeFace.ts'
import { selectionStore } from '../state/selectionStore.ts'
import { FloatingList } from './FloatingList.tsx'
import { KindIcon } from './KindIcon.tsx'
import styles from './palette.module.css'

const shownAtMost = 200

function close(): void {
  canvasStore.setState({ finding: false })
  focusCanvas()
}

/** Finds nodes by label, id, kind and any text in their settings. */
export function FindNodes() {
  const finding = useCanvas((state) => state.finding)
  return finding ? <FindList /> : null
}

function canvasCorner() {
  const box = document.querySelector('.react-flow')?.getBoundingClientRect()
  return box ? { x: box.right - 336, y: box.top + 12 } : { x: 0, y: 0 }
}

function FindList() {
  const flow = canvasFlow()
  const nodes = Object.entries(flow?.nodes ?? {}).slice(0, shownAtMost)
  return (
    <FloatingList at={canvasCorner()} label="Find nodes" onClose={close}>
      <div className={styles['search']}>
        <Search size={15} aria-hidden />
        <Command.Input className={styles['input']} placeholder="Find by label, kind or any setting" autoFocus />
      </div>
      <Command.List className={styles['list']}>
        <Command.Empty className={styles['empty']}>No node holds this text.</Command.Empty>
        {nodes.map(([id, node]) => {
          const face = nodeFace(node)
          return (
            <Command.Item
              key={id}
              className={styles['item']}
              value={`${face.title} ${id}`}
              keywords={[face.kindLabel, node.kind, face.subtitle, JSON.stringify(node.data ?? {})]}
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
        })}
      </Command.List>
    </FloatingList>
  )
}
