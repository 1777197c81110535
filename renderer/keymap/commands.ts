import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import { formatChord } from './chord.ts'
import { currentHost, keysOn } from './host.ts'
import { type CommandEntry, commandEntries, type CommandId, commandIds } from './table.ts'

/** What a command does. `enabled` is asked when a menu opens and when its key is pressed. */
export interface CommandHandler {
  readonly run: () => void
  readonly enabled?: () => boolean
  /** What it is called at the moment, where that depends on what is selected. */
  readonly label?: () => string
}

/** A command as menus, palette and help sheet show it. */
export interface CommandView extends CommandEntry {
  readonly id: CommandId
  /** Its keys on this host, formatted; empty where it has none. */
  readonly shownKeys: readonly string[]
  readonly enabled: boolean
}

interface RegistryState {
  readonly handlers: ReadonlyMap<CommandId, CommandHandler>
  /** Keys that a person has chosen instead of the table's. */
  readonly overrides: Readonly<Partial<Record<CommandId, readonly string[]>>>
}

const registry = createStore<RegistryState>()(() => ({ handlers: new Map<CommandId, CommandHandler>(), overrides: {} }))

/**
 * Gives commands their meaning, and takes it away again when the returned function is called. What is registered last
 * wins, so that a dialog may take over a command while it is open.
 */
export function registerCommands(handlers: Partial<Record<CommandId, CommandHandler>>): () => void {
  const before = registry.getState().handlers
  const given = commandIds().flatMap((id) => {
    const handler = handlers[id]
    return handler ? [{ id, handler }] : []
  })
  const next = new Map(before)
  for (const { id, handler } of given) next.set(id, handler)
  registry.setState({ handlers: next })
  return () => {
    const left = new Map(registry.getState().handlers)
    for (const { id, handler } of given) {
      if (left.get(id) !== handler) continue
      const previous = before.get(id)
      if (previous) left.set(id, previous)
      else left.delete(id)
    }
    registry.setState({ handlers: left })
  }
}

/** Whether a command can be carried out now. */
export function isEnabled(id: CommandId): boolean {
  const handler = registry.getState().handlers.get(id)
  return handler !== undefined && (handler.enabled?.() ?? true)
}

/** What a command is called now. */
function commandLabel(id: CommandId): string {
  return registry.getState().handlers.get(id)?.label?.() ?? commandEntries[id].label
}

/** Carries a command out; false where it means nothing at the moment. */
export function runCommand(id: CommandId): boolean {
  if (!isEnabled(id)) return false
  registry.getState().handlers.get(id)?.run()
  return true
}

/** The keys of a command on this host, as chords (`Mod+Z`). */
export function chordsOf(id: CommandId): readonly string[] {
  return registry.getState().overrides[id] ?? keysOn(currentHost(), commandEntries[id].keys ?? [])
}

/** The first key of a command as people read it; undefined where it has none. For tooltips and menus. */
export function keyLabel(id: CommandId): string | undefined {
  const [first] = chordsOf(id)
  return first === undefined ? undefined : formatChord(first, currentHost().mac)
}

/** Puts a person's own keys in place of the table's; an empty list takes a command's keys away. */
export function remapKeys(overrides: Readonly<Partial<Record<CommandId, readonly string[]>>>): void {
  registry.setState({ overrides })
}

/** All commands as they stand now. */
export function commandViews(): CommandView[] {
  const { mac } = currentHost()
  return commandIds().map((id) => {
    const shownKeys = chordsOf(id).map((chord) => formatChord(chord, mac))
    return { ...commandEntries[id], id, label: commandLabel(id), shownKeys, enabled: isEnabled(id) }
  })
}

/** All commands, again whenever a handler or a key changes. */
export function useCommandViews(): CommandView[] {
  useStore(registry)
  return commandViews()
}
