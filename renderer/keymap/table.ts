/** Where a key works. `anywhere` skips text fields unless the command says otherwise; `canvas` needs the canvas to have the focus. */
export type Where = 'anywhere' | 'canvas'
export type CommandGroup = 'File' | 'Edit' | 'Add' | 'Node' | 'View' | 'Run' | 'Help'

/** A key, and the hosts that have it where it is not all of them. A page in a browser never gets Ctrl+T, N, W or Tab. */
export type KeyBinding = string | { readonly key: string; readonly on: 'mac' | 'desktop' | 'browser' }

export interface CommandEntry {
  /** As menus and the palette show it. */
  readonly label: string
  readonly group: CommandGroup
  /** `Mod` is Ctrl, on a Mac Cmd. Letters match what the key types, digits where the key lies. The first is shown. */
  readonly keys?: readonly KeyBinding[]
  readonly where: Where
  /** Works while a text field has the focus, too. */
  readonly inFields?: boolean
  /** Left out of palette and help: a variant of another entry, or a movement. */
  readonly hidden?: boolean
  /** The page's own event (`copy`, `cut`, `paste`) carries it out: its key must reach the page. */
  readonly native?: boolean
}

/** Every command with its keys: what dispatcher, palette, menus and the help sheet read. */
export const commandTable = {
  'file.new': { label: 'New flow', group: 'File', keys: [{ key: 'Mod+N', on: 'desktop' }], where: 'anywhere' },
  'file.open': { label: 'Open flow…', group: 'File', keys: ['Mod+O'], where: 'anywhere' },
  'file.save': { label: 'Save', group: 'File', keys: ['Mod+S'], where: 'anywhere', inFields: true },
  'file.saveAs': { label: 'Save as…', group: 'File', keys: ['Mod+Shift+S'], where: 'anywhere', inFields: true },
  'file.close': { label: 'Close tab', group: 'File', keys: [{ key: 'Mod+W', on: 'desktop' }], where: 'anywhere' },
  'file.templates': { label: 'New from template…', group: 'File', where: 'anywhere' },
  'app.settings': { label: 'Settings…', group: 'File', keys: ['Mod+,'], where: 'anywhere' },

  'edit.undo': { label: 'Undo', group: 'Edit', keys: ['Mod+Z'], where: 'anywhere' },
  'edit.redo': { label: 'Redo', group: 'Edit', keys: ['Mod+Shift+Z', 'Mod+Y'], where: 'anywhere' },
  'edit.cut': { label: 'Cut', group: 'Edit', keys: ['Mod+X'], where: 'canvas', native: true },
  'edit.copy': { label: 'Copy', group: 'Edit', keys: ['Mod+C'], where: 'canvas', native: true },
  'edit.paste': { label: 'Paste', group: 'Edit', keys: ['Mod+V'], where: 'canvas', native: true },
  'edit.duplicate': { label: 'Duplicate', group: 'Edit', keys: ['Mod+D'], where: 'canvas' },
  'edit.selectAll': { label: 'Select all', group: 'Edit', keys: ['Mod+A'], where: 'canvas' },
  'edit.delete': { label: 'Delete', group: 'Edit', keys: ['Delete', 'Backspace'], where: 'canvas' },
  'edit.find': { label: 'Find nodes…', group: 'Edit', keys: ['Mod+F'], where: 'anywhere' },
  'edit.tidy': { label: 'Tidy up', group: 'Edit', keys: ['Mod+Shift+L'], where: 'anywhere' },

  'add.node': { label: 'Add node…', group: 'Add', keys: ['A'], where: 'canvas' },
  'add.next': { label: 'Add next node…', group: 'Add', keys: ['Alt+A'], where: 'anywhere', inFields: true },
  'connect.next': { label: 'Connect this node to…', group: 'Add', keys: ['Alt+C'], where: 'anywhere', inFields: true },
  'add.note': { label: 'Add sticky note', group: 'Add', keys: ['Shift+S'], where: 'canvas' },

  'node.inspect': { label: 'Open inspector', group: 'Node', keys: ['Enter'], where: 'canvas' },
  'node.rename': { label: 'Rename', group: 'Node', keys: ['F2'], where: 'canvas' },
  'node.connect': { label: 'Connect to…', group: 'Node', keys: ['C'], where: 'canvas' },
  'node.addError': { label: 'Add error path…', group: 'Node', keys: ['E'], where: 'canvas' },
  'node.disable': { label: 'Disable or enable', group: 'Node', keys: ['D'], where: 'canvas' },
  'node.pin': { label: 'Pin or unpin last output', group: 'Node', keys: ['P'], where: 'canvas' },
  'node.runAlone': { label: 'Run this node alone', group: 'Node', keys: ['R'], where: 'canvas' },

  'view.zoomIn': { label: 'Zoom in', group: 'View', keys: ['Mod+=', 'Mod++'], where: 'anywhere' },
  'view.zoomOut': { label: 'Zoom out', group: 'View', keys: ['Mod+-'], where: 'anywhere' },
  'view.zoomReset': { label: 'Zoom to 100 %', group: 'View', keys: ['0'], where: 'canvas' },
  'view.fit': { label: 'Fit the flow', group: 'View', keys: ['Shift+1'], where: 'canvas' },
  'view.fitSelection': { label: 'Fit the selection', group: 'View', keys: ['Shift+2'], where: 'canvas' },
  'view.palette': { label: 'Command palette', group: 'View', keys: ['Mod+K'], where: 'anywhere', inFields: true },
  'view.theme': { label: 'Switch between light and dark', group: 'View', where: 'anywhere' },
  'view.library': { label: 'Show or hide the left panel', group: 'View', keys: ['Mod+B'], where: 'anywhere' },
  'view.inspector': { label: 'Show or hide the inspector', group: 'View', keys: ['Mod+I'], where: 'anywhere' },
  'view.console': { label: 'Show or hide the console', group: 'View', keys: ['Mod+J'], where: 'anywhere' },
  'view.nextPanel': { label: 'Next panel', group: 'View', keys: ['F6'], where: 'anywhere', inFields: true },
  'view.backToLive': { label: 'Back to live', group: 'View', keys: ['End'], where: 'canvas' },

  'field.next': { label: 'Next setting', group: 'Node', keys: ['Alt+ArrowDown'], where: 'anywhere', inFields: true },
  'field.previous': {
    label: 'Previous setting',
    group: 'Node',
    keys: ['Alt+ArrowUp'],
    where: 'anywhere',
    inFields: true,
  },

  'run.start': { label: 'Run', group: 'Run', keys: ['Mod+Enter', 'F5'], where: 'anywhere', inFields: true },
  'run.stop': { label: 'Stop', group: 'Run', keys: ['Shift+F5'], where: 'anywhere', inFields: true },

  'help.shortcuts': { label: 'Keyboard shortcuts', group: 'Help', keys: ['?'], where: 'anywhere' },

  'select.left': { label: 'Walk to the node before', group: 'Node', keys: ['Alt+ArrowLeft'], where: 'canvas' },
  'select.right': { label: 'Walk to the node after', group: 'Node', keys: ['Alt+ArrowRight'], where: 'canvas' },
  'select.up': { label: 'Walk to the node above', group: 'Node', keys: ['Alt+ArrowUp'], where: 'canvas' },
  'select.down': { label: 'Walk to the node below', group: 'Node', keys: ['Alt+ArrowDown'], where: 'canvas' },
  'nudge.left': { label: 'Nudge left', group: 'Node', keys: ['ArrowLeft'], where: 'canvas', hidden: true },
  'nudge.right': { label: 'Nudge right', group: 'Node', keys: ['ArrowRight'], where: 'canvas', hidden: true },
  'nudge.up': { label: 'Nudge up', group: 'Node', keys: ['ArrowUp'], where: 'canvas', hidden: true },
  'nudge.down': { label: 'Nudge down', group: 'Node', keys: ['ArrowDown'], where: 'canvas', hidden: true },
  'nudge.farLeft': {
    label: 'Nudge left by 10',
    group: 'Node',
    keys: ['Shift+ArrowLeft'],
    where: 'canvas',
    hidden: true,
  },
  'nudge.farRight': {
    label: 'Nudge right by 10',
    group: 'Node',
    keys: ['Shift+ArrowRight'],
    where: 'canvas',
    hidden: true,
  },
  'nudge.farUp': { label: 'Nudge up by 10', group: 'Node', keys: ['Shift+ArrowUp'], where: 'canvas', hidden: true },
  'nudge.farDown': {
    label: 'Nudge down by 10',
    group: 'Node',
    keys: ['Shift+ArrowDown'],
    where: 'canvas',
    hidden: true,
  },
  'canvas.menu': {
    label: 'Context menu',
    group: 'View',
    keys: ['Shift+F10', 'ContextMenu'],
    where: 'canvas',
    hidden: true,
  },
  'canvas.escape': { label: 'Back out', group: 'View', keys: ['Escape'], where: 'canvas', hidden: true },
} as const satisfies Record<string, CommandEntry>

export type CommandId = keyof typeof commandTable

/** The table with its entries' full type, for those who walk over it. */
export const commandEntries: Readonly<Record<CommandId, CommandEntry>> = commandTable

/** All commands in the table's order. */
export function commandIds(): CommandId[] {
  return Object.keys(commandTable).filter((id): id is CommandId => Object.hasOwn(commandTable, id))
}
