import { Ellipsis, Pin, Play, Power, Trash2 } from 'lucide-react'
import { IconButton } from '../controls/Button.tsx'
import { keyLabel, runCommand } from '../keymap/commands.ts'
import type { CommandId } from '../keymap/table.ts'
import { selectionStore, useSelection } from '../state/selectionStore.ts'
import { canvasStore, useCanvas } from './canvasStore.ts'
import styles from './NodeToolbar.module.css'

const actions = [
  { command: 'node.runAlone', label: 'Run alone', icon: Play },
  { command: 'node.disable', label: 'Disable or enable', icon: Power },
  { command: 'node.pin', label: 'Pin last output', icon: Pin },
  { command: 'edit.delete', label: 'Delete', icon: Trash2 },
] as const satisfies readonly { command: CommandId; label: string; icon: typeof Play }[]

interface NodeToolbarProps {
  readonly node: string
}

/** What is done most with a node, above its card while it is hovered. */
export function NodeToolbar({ node }: NodeToolbarProps) {
  const hovered = useSelection((state) => state.hoveredNode === node)
  const busy = useCanvas((state) => state.connecting !== undefined)
  if (!hovered || busy) return null
  const choose = () => {
    const { nodes, select } = selectionStore.getState()
    if (!nodes.has(node)) select({ nodes: [node] })
  }
  return (
    <div className={`${styles['area']} nodrag nopan`} role="toolbar" aria-label="Node">
      <div className={styles['bar']}>
        {actions.map(({ command, label, icon: Icon }) => (
          <IconButton
            key={command}
            label={label}
            keys={keyLabel(command)}
            size="s"
            onClick={() => {
              choose()
              runCommand(command)
            }}
          >
            <Icon size={14} />
          </IconButton>
        ))}
        <IconButton
          label="More"
          size="s"
          onClick={(event) => {
            choose()
            const { left, bottom } = event.currentTarget.getBoundingClientRect()
            canvasStore.setState({ menu: { at: { x: left, y: bottom + 4 }, target: { type: 'node', node } } })
          }}
        >
          <Ellipsis size={14} />
        </IconButton>
      </div>
    </div>
  )
}
