import { Ellipsis, type LucideIcon, Pin, PinOff, Play, Power, Trash2 } from 'lucide-react'
import { IconButton } from '../controls/Button.tsx'
import { keyLabel, runCommand } from '../keymap/commands.ts'
import type { CommandId } from '../keymap/table.ts'
import { selectionStore, useSelection } from '../state/selectionStore.ts'
import { canvasStore, useCanvas } from './canvasStore.ts'
import styles from './NodeToolbar.module.css'

interface Action {
  readonly command: CommandId
  readonly label: string
  readonly icon: LucideIcon
}

interface NodeToolbarProps {
  readonly node: string
  readonly disabled: boolean
  readonly pinned: boolean
}

function actionsFor({ disabled, pinned }: NodeToolbarProps): readonly Action[] {
  return [
    { command: 'node.runAlone', label: 'Run alone', icon: Play },
    { command: 'node.disable', label: disabled ? 'Enable' : 'Disable', icon: Power },
    { command: 'node.pin', label: pinned ? 'Unpin output' : 'Pin last output', icon: pinned ? PinOff : Pin },
    { command: 'edit.delete', label: 'Delete', icon: Trash2 },
  ]
}

/** What is done most with a node, above its card while it is hovered. */
export function NodeToolbar(props: NodeToolbarProps) {
  const { node } = props
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
        {actionsFor(props).map(({ command, label, icon: Icon }) => (
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
