import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import { z } from 'zod'
import { toJson, isJsonObject } from '../../model/json.ts'
import { changeSettings, settingsStore } from '../settings/settingsStore.ts'
import { reportFailure } from './report.ts'

export const leftTabs = ['library', 'files', 'runs'] as const
export type LeftTab = (typeof leftTabs)[number]
export const consoleTabs = ['timeline', 'log', 'problems', 'output', 'cost'] as const
export type ConsoleTab = (typeof consoleTabs)[number]

const size = z.number().min(80).max(2000)

/** Where a person left the window. Damaged entries fall back to their defaults, one by one. */
const viewSchema = z.object({
  leftTab: z.enum(leftTabs).catch('library'),
  leftOpen: z.boolean().catch(true),
  rightOpen: z.boolean().catch(true),
  consoleOpen: z.boolean().catch(true),
  leftSize: size.catch(252),
  rightSize: size.catch(348),
  consoleSize: size.catch(212),
  consoleTab: z.enum(consoleTabs).catch('timeline'),
  /** Open tabs and the active one, by path. */
  tabs: z.array(z.string()).catch([]),
  active: z.string().optional().catch(undefined),
  /** The input each flow was last run with, by path. */
  lastInputs: z.record(z.string(), z.record(z.string(), z.json())).catch({}),
})

export type View = z.infer<typeof viewSchema>

/** Layout of this window; kept in the workspace's settings, never in the page's own storage. */
export const viewStore = createStore<View>()(() => viewSchema.parse({}))

const saveDelayMs = 400
let timer: ReturnType<typeof setTimeout> | undefined

/** Takes the layout from the settings, and from then on writes each change of it back. */
export function followView(): () => void {
  viewStore.setState(viewSchema.parse(settingsStore.getState().settings.view))
  return viewStore.subscribe(() => {
    clearTimeout(timer)
    timer = setTimeout(saveView, saveDelayMs)
  })
}

export function useView<T>(select: (view: View) => T): T {
  return useStore(viewStore, select)
}

/** Opens a tab of the console, and the console where it is closed. */
export function showConsole(consoleTab: ConsoleTab): void {
  viewStore.setState({ consoleTab, consoleOpen: true })
}

/** Opens a tab of the left panel. */
export function showLeft(leftTab: LeftTab): void {
  viewStore.setState({ leftTab, leftOpen: true })
}

function saveView(): void {
  const view = toJson(viewStore.getState())
  if (!isJsonObject(view) || !settingsStore.getState().loaded) return
  changeSettings({ view }).catch((error: unknown) => {
    reportFailure('remember the layout', error)
  })
}
