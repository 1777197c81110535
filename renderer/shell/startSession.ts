import { followEdits } from '../files/autosave.ts'
import { followFile, openFile } from '../files/documents.ts'
import { loadFiles, loadTemplates } from '../files/fileStore.ts'
import { followChecks } from '../problems/checker.ts'
import { announceFailures } from '../runs/announceRuns.ts'
import { adoptLive, followNotifications, loadRuns, rememberShown } from '../runs/runFollower.ts'
import { loadSettings } from '../settings/settingsStore.ts'
import { documentStore } from '../state/documentStore.ts'
import type { Transport } from '../transport/transport.ts'
import { engine, startEngine } from './engine.ts'
import { attempt, reportFailure } from './report.ts'
import { followView, viewStore } from './viewStore.ts'

/**
 * Connects the window to its engine and brings back what was there: settings, layout, open tabs, edits that only the
 * journal holds, runs that still go on. From then on edits are journaled and checked.
 */
export function startSession(transport: Transport): void {
  startEngine(transport)
  announceFailures()
  followNotifications()
  attempt('start the session', restore)
}

async function restore(): Promise<void> {
  await loadSettings()
  followView()
  await Promise.all([
    loadFiles(),
    reopen(),
    loadTemplates().catch((error: unknown) => reportFailure('list the templates', error)),
  ])
  followEdits()
  followChecks()
  rememberTabs()
  engine().on('workspace.changed', ({ paths }) => {
    attempt('list the files', loadFiles)
    for (const path of paths)
      if (documentStore.getState().documents[path]) attempt(`read ${path}`, () => followFile(path))
  })
  await loadRuns()
  rememberShown()
}

/** Opens the tabs of last time, and every document with edits that were never saved. */
async function reopen(): Promise<void> {
  const { tabs, active } = viewStore.getState()
  const { drafts } = await engine().request('draft.list', {})
  const paths = [...new Set([...tabs, ...drafts.map((draft) => draft.path)])]
  for (const path of paths) {
    try {
      await openFile(path)
    } catch (error) {
      if (drafts.some((draft) => draft.path === path)) reportFailure(`open ${path}`, error)
    }
  }
  if (active !== undefined) documentStore.getState().activate(active)
}

function rememberTabs(): void {
  documentStore.subscribe((state, before) => {
    if (state.tabs === before.tabs && state.active === before.active) return
    viewStore.setState({ tabs: [...state.tabs], active: state.active, flyoutOpen: false })
    for (const path of state.tabs) if (!before.tabs.includes(path)) adoptLive(path)
  })
}
