import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import { settingsSchema, type Settings } from '../../model/protocol.ts'
import { toJson, isJsonObject, type JsonObject } from '../../model/json.ts'
import { engine } from '../shell/engine.ts'
import { applyTheme } from '../theme/theme.ts'

interface SettingsStore {
  readonly settings: Settings
  /** False until the engine has answered: nothing is written before. */
  readonly loaded: boolean
}

const untouched: Settings = settingsSchema.parse({})

/** The workspace's settings as the engine keeps them. */
export const settingsStore = createStore<SettingsStore>()(() => ({ settings: untouched, loaded: false }))

/** Reads the settings and puts the page in their theme. Rejects as the request does. */
export async function loadSettings(): Promise<Settings> {
  const { settings } = await engine().request('settings.get', {})
  take(settings)
  return settings
}

/**
 * Changes some settings, on screen at once and in the workspace soon. A key set to undefined is removed. Rejects where
 * the engine refuses; the screen then shows what the engine has.
 */
export async function changeSettings(patch: Partial<Settings>): Promise<void> {
  const before = settingsStore.getState().settings
  const next = settingsSchema.parse({ ...before, ...patch })
  take(next)
  try {
    const { settings } = await engine().request('settings.set', { settings: asJson(patch) })
    take(settings)
  } catch (error) {
    take(before)
    throw error
  }
}

export function useSettings<T>(select: (settings: Settings) => T): T {
  return useStore(settingsStore, (state) => select(state.settings))
}

function take(settings: Settings): void {
  settingsStore.setState({ settings, loaded: true })
  applyTheme(settings.theme)
}

/** Absent values travel as null, which JSON can say. */
function asJson(patch: Partial<Settings>): JsonObject {
  const entries = Object.entries(patch).map(([key, value]) => [key, value === undefined ? null : toJson(value)])
  const json: unknown = Object.fromEntries(entries)
  return isJsonObject(json) ? json : {}
}
