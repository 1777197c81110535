import { DropdownMenu } from 'radix-ui'
import menu from '../controls/menu.module.css'
import { commandViews, runCommand } from '../keymap/commands.ts'
import type { CommandId } from '../keymap/table.ts'
import { canvasStore, type MenuTarget, type Point, useCanvas } from './canvasStore.ts'
import { canvasPoint } from './canvasView.ts'
import styles from './CanvasMenu.module.css'
import { pasteClipboard } from './commands/clipboard.ts'
import { addNoteAt } from './commands/nodeCommands.ts'
import { openAdd, openAddOnEdge } from './gestures/openAdd.ts'
import { focusCanvas } from '../keymap/dispatcher.ts'

/** A line between groups. */
const rule = '-'

const nodeItems = [
  'node.inspect',
  'node.rename',
  rule,
  'node.runAlone',
  'node.pin',
  'node.disable',
  rule,
  'node.connect',
  'node.addError',
  rule,
  'edit.cut',
  'edit.copy',
  'edit.duplicate',
  'edit.delete',
] as const

const selectionItems = [
  'node.disable',
  'edit.tidy',
  'view.fitSelection',
  rule,
  'edit.cut',
  'edit.copy',
  'edit.duplicate',
  'edit.delete',
] as const

const items: Readonly<Record<MenuTarget['type'], readonly (CommandId | typeof rule)[]>> = {
  canvas: [
    'add.node',
    'add.note',
    'edit.paste',
    rule,
    'edit.selectAll',
    'edit.find',
    rule,
    'edit.tidy',
    'view.fit',
    'view.zoomReset',
    rule,
    'run.start',
  ],
  selection: selectionItems,
  node: nodeItems,
  edge: ['add.node', 'edit.delete'],
  note: ['edit.delete'],
}

function close(): void {
  canvasStore.setState({ menu: undefined })
}

/** The menu of what was clicked with the right button: the palette's own commands, with their keys. */
export function CanvasMenu() {
  const open = useCanvas((state) => state.menu)
  if (!open) return null
  const commands = new Map(commandViews().map((command) => [command.id, command]))
  return (
    <DropdownMenu.Root
      open
      modal={false}
      onOpenChange={(next) => {
        if (!next) close()
      }}
    >
      <DropdownMenu.Trigger asChild>
        <span className={styles['anchor']} style={{ left: open.at.x, top: open.at.y }} aria-hidden />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className={menu['menu']}
          align="start"
          sideOffset={2}
          collisionPadding={8}
          loop
          onCloseAutoFocus={(event) => {
            event.preventDefault()
            const { adding, connectingTo, finding } = canvasStore.getState()
            if (!adding && !connectingTo && !finding) focusCanvas()
          }}
        >
          {items[open.target.type].map((id, index) => {
            if (id === rule) return <DropdownMenu.Separator key={`rule ${index}`} className={menu['separator']} />
            const command = commands.get(id)
            return (
              command && (
                <DropdownMenu.Item
                  key={id}
                  className={menu['item']}
                  disabled={!command.enabled}
                  onSelect={() => {
                    // The menu gives the focus back first; a command that moves the focus then has the last word.
                    setTimeout(() => {
                      runItem(id, open.target, open.at)
                    }, 0)
                  }}
                >
                  <span className={styles['label']}>{command.label}</span>
                  {command.shownKeys[0] !== undefined && <kbd className={styles['keys']}>{command.shownKeys[0]}</kbd>}
                </DropdownMenu.Item>
              )
            )
          })}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

/** Carries an item out; what is added from a menu comes to lie where the menu was opened. */
function runItem(id: CommandId, target: MenuTarget, screen: Point): void {
  const at = canvasPoint(screen)
  if (id === 'add.node' && target.type === 'edge') openAddOnEdge(target.edge, screen, at)
  else if (id === 'add.node' && target.type === 'canvas') openAdd({ screen, at })
  else if (id === 'add.note' && target.type === 'canvas') addNoteAt(at)
  else if (id === 'edit.paste' && target.type === 'canvas') void pasteClipboard(at)
  else runCommand(id)
}
