import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import { z } from 'zod'
import '../../model/jitless.ts'
import { toJson, isJsonObject } from '../../model/json.ts'
import { changeSettings, settingsStore } from '../settings/settingsStore.ts'
import { reportFailure } from './report.ts'

export const leftTabs = ['library', 'files', 'runs'] as const
export type LeftTab = (typeof leftTabs)[number]
export const consoleTabs = ['timeline', 'log', 'problems', 'output', 'cost', 'machine'] as const
export type ConsoleTab = (typeof consoleTabs)[number]

const size = z.number().min(80).max(2000)
/** The console takes a quarter of a low window, and no more than this of a high one. */
const consoleHeight = () => Math.round(Math.max(140, Math.min(212, window.innerHeight / 4)))

/** Where a person left the window. Damaged entries fall back to their defaults, one by one. */
const viewSchema = z.object({
  leftTab: z.enum(leftTabs).catch('library'),
  leftOpen: z.boolean().catch(true),
  rightOpen: z.boolean().catch(true),
  consoleOpen: z.boolean().catch(true),
  leftSize: size.catch(252),
  rightSize: size.catch(348),
  consoleSize: size.catch(consoleHeight),
  consoleTab: z.enum(consoleTabs).catch('timeline'),
  /** Open tabs and the active one, by path. */
  tabs: z.array(z.string()).catch([]),
  active: z.string().optional().catch(undefined),
  /** The run on each open document's canvas, by path. */
  shown: z.record(z.string(), z.string()).catch({}),
  /** The input each flow was last run with, by path. */
  lastInputs: z.record(z.string(), z.record(z.string(), z.json())).catch({}),
})

export interface View extends z.infer<typeof viewSchema> {
  /** The left panel lies over the canvas, in a window too narrow for it. Closed again with every start. */
  readonly flyoutOpen: boolean
}

/** From this width on the left panel has a place of its own. */
export const wideQuery = '(min-width: 1440px)'

/** Layout of this window; kept in the workspace's settings, never in the page's own storage. */
export const viewStore = createStore<View>()(() => ({ ...viewSchema.parse({}), flyoutOpen: false }))

const saveDelayMs = 400
let timer: ReturnType<typeof setTimeout> | undefined

/** Takes the layout from the settings, and from then on writes each change of it back. */
export function followView(): () => void {
  viewStore.setState(viewSchema.parse(settingsStore.getState().settings.view))
  return viewStore.subscribe((view, before) => {
    clearTimeout(timer)
    // Which flows are open must survive a reload that follows at once; a size being dragged may wait.
    timer = setTimeout(saveView, view.tabs === before.tabs && view.active === before.active ? saveDelayMs : 0)
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
  viewStore.setState(window.matchMedia(wideQuery).matches ? { leftTab, leftOpen: true } : { leftTab, flyoutOpen: true })
}

/** Shows or hides the left panel, in the form it has in this window. */
export function toggleLeft(): void {
  const { leftOpen, flyoutOpen } = viewStore.getState()
  viewStore.setState(window.matchMedia(wideQuery).matches ? { leftOpen: !leftOpen } : { flyoutOpen: !flyoutOpen })
}

function saveView(): void {
  const { flyoutOpen: _flyout, ...kept } = viewStore.getState()
  const view = toJson(kept)
  if (!isJsonObject(view) || !settingsStore.getState().loaded) return
  changeSettings({ view }).catch((error: unknown) => {
    reportFailure('remember the layout', error)
  })
}
