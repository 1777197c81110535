import { closeDocument, currentDocument, newFlow, saveDocument } from '../files/documents.ts'
import { registerCommands } from '../keymap/commands.ts'
import { backToLive } from '../runs/pastRuns.ts'
import { runActive, runNode, shownRun, stopActive } from '../runs/runCommands.ts'
import { changeSettings } from '../settings/settingsStore.ts'
import { documentStore } from '../state/documentStore.ts'
import { isLive } from '../state/runStore.ts'
import { selectionStore } from '../state/selectionStore.ts'
import { currentTheme } from '../theme/theme.ts'
import { openDialog, toggleDialog } from './dialogStore.ts'
import { connectionStore } from './engine.ts'
import { stepField } from '../inspector/fieldSteps.ts'
import { focusNextPanel } from './panelFocus.ts'
import { attempt } from './report.ts'
import { toggleLeft, viewStore } from './viewStore.ts'

const hasDocument = () => currentDocument() !== undefined
const canRun = () => hasDocument() && connectionStore.getState().connection.status === 'connected'

function withDocument(work: (path: string) => void): () => void {
  return () => {
    const document = currentDocument()
    if (document) work(document.path)
  }
}

/** Gives the commands of files, runs, panels and windows their meaning. The result takes it away again. */
export function registerAppCommands(): () => void {
  const { undo, redo } = documentStore.getState()
  return registerCommands({
    'file.new': { run: () => void newFlow() },
    'file.open': { run: () => openDialog({ type: 'open' }) },
    'file.save': { run: withDocument(save), enabled: hasDocument },
    'file.saveAs': { run: withDocument((path) => openDialog({ type: 'save-as', path })), enabled: hasDocument },
    'file.close': { run: withDocument(closeDocument), enabled: hasDocument },
    'file.templates': { run: () => openDialog({ type: 'gallery' }) },
    'app.settings': { run: () => openDialog({ type: 'settings', page: 'models' }) },
    'edit.undo': { run: undo, enabled: () => (currentDocument()?.past.length ?? 0) > 0 },
    'edit.redo': { run: redo, enabled: () => (currentDocument()?.future.length ?? 0) > 0 },
    'view.palette': { run: () => toggleDialog({ type: 'palette' }) },
    'view.theme': { run: switchTheme },
    'view.library': { run: toggleLeft },
    'view.inspector': { run: () => viewStore.setState(({ rightOpen }) => ({ rightOpen: !rightOpen })) },
    'view.console': { run: () => viewStore.setState(({ consoleOpen }) => ({ consoleOpen: !consoleOpen })) },
    'view.nextPanel': { run: focusNextPanel },
    'field.next': { run: () => stepField(1), enabled: hasDocument },
    'field.previous': { run: () => stepField(-1), enabled: hasDocument },
    'view.backToLive': { run: withDocument(backToLive), enabled: hasDocument },
    'run.start': { run: () => runActive(), enabled: canRun },
    'run.stop': { run: stopActive, enabled: isRunLive },
    'node.inspect': { run: inspect, enabled: hasDocument },
    'node.runAlone': {
      run: withDocument(runAlone),
      enabled: () => canRun() && selectionStore.getState().focusNode !== undefined,
    },
    'help.shortcuts': { run: () => toggleDialog({ type: 'shortcuts' }) },
  })
}

function save(path: string): void {
  const document = currentDocument()
  if (document?.savedHash === null) openDialog({ type: 'save-as', path })
  else attempt('save the flow', () => saveDocument(path))
}

function isRunLive(): boolean {
  const run = shownRun()
  return run !== undefined && isLive(run.summary)
}

function switchTheme(): void {
  attempt('remember the theme', () => changeSettings({ theme: currentTheme() === 'dark' ? 'light' : 'dark' }))
}

function inspect(): void {
  const { focusNode, focusField } = selectionStore.getState()
  viewStore.setState({ rightOpen: true })
  if (focusNode !== undefined) focusField(focusNode)
  // The inspector shows the flow itself, once it is there.
  else requestAnimationFrame(() => stepField(1))
}

function runAlone(path: string): void {
  const { focusNode } = selectionStore.getState()
  if (focusNode !== undefined) runNode(path, focusNode)
}
