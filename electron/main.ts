import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  MessageChannelMain,
  nativeTheme,
  protocol,
  safeStorage,
  session,
  shell,
  utilityProcess,
  type MessagePortMain,
} from 'electron'
import { join } from 'node:path'
import { answerPermissionRequest, createOpenExternal, guardContents, guardSession } from './contentGuards.ts'
import { EngineHost } from './engineHost.ts'
import { openKeychain } from './keychain.ts'
import { findWorkspace, rememberWorkspace } from './lastWorkspace.ts'
import { appScheme, createAppHandler } from './protocol.ts'
import { serveShell } from './shellIpc.ts'
import { showPage, windowOptions } from './window.ts'

const dist = join(import.meta.dirname, '..')
let window: BrowserWindow | undefined

protocol.registerSchemesAsPrivileged([appScheme])
app.enableSandbox()
if (app.requestSingleInstanceLock()) void app.whenReady().then(open)
else app.quit()

function open(): void {
  const host = new EngineHost<MessagePortMain>(
    findWorkspace(process.argv, app.getPath('userData'), app.getPath('documents')),
    {
      fork: (workspace) =>
        utilityProcess.fork(join(dist, 'engine', 'main.js'), [workspace, 'desktop'], {
          serviceName: 'Switchyard engine',
        }),
      createChannel: () => new MessageChannelMain(),
      keychain: () => openKeychain(safeStorage, process.platform),
      after: (ms, callback) => setTimeout(callback, ms),
      failed: (message) => dialog.showErrorBox('The engine cannot start', message),
    },
  )
  protocol.handle('app', createAppHandler(join(dist, 'renderer')))
  session.defaultSession.setPermissionRequestHandler(answerPermissionRequest)
  guardSession(session.defaultSession)
  const openExternal = createOpenExternal(shell, confirmExternal)
  app.on('web-contents-created', (_event, contents) => guardContents(contents, openExternal))
  serveShell<MessagePortMain>(ipcMain, {
    info: async () => ({
      version: app.getVersion(),
      platform: process.platform,
      workspace: host.workspace,
      keychain: (await openKeychain(safeStorage, process.platform)) !== undefined,
    }),
    openWorkspace: () => openWorkspace(host),
    chooseFile: async ({ title, extensions }) =>
      choose({ title, properties: ['openFile'], filters: [{ name: title, extensions: [...extensions] }] }),
    openExternal,
    adopt: (taker) => host.adopt(taker),
  })
  app.on('second-instance', focusWindow)
  app.on('activate', () => (window ? focusWindow() : openWindow()))
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  app.on('will-quit', () => host.close())
  host.start()
  openWindow()
}

function openWindow(): void {
  window = new BrowserWindow(windowOptions(join(dist, 'preload', 'preload.cjs'), nativeTheme.shouldUseDarkColors))
  window.on('closed', () => (window = undefined))
  showPage(window).catch((error: unknown) => dialog.showErrorBox('The page cannot be shown', String(error)))
}

function focusWindow(): void {
  if (window?.isMinimized()) window.restore()
  window?.focus()
}

async function openWorkspace(host: EngineHost<MessagePortMain>): Promise<string | null> {
  const folder = await choose({ title: 'Open a workspace', properties: ['openDirectory', 'createDirectory'] })
  if (folder === null) return null
  rememberWorkspace(app.getPath('userData'), folder)
  host.changeWorkspace(folder)
  window?.webContents.reload()
  return folder
}

async function choose(options: Electron.OpenDialogOptions): Promise<string | null> {
  const { filePaths } = window ? await dialog.showOpenDialog(window, options) : await dialog.showOpenDialog(options)
  return filePaths[0] ?? null
}

async function confirmExternal(detail: string): Promise<boolean> {
  const question = {
    type: 'question' as const,
    message: 'Open this address outside Switchyard?',
    detail,
    buttons: ['Cancel', 'Open'],
    defaultId: 0,
    cancelId: 0,
  }
  return window !== undefined && (await dialog.showMessageBox(window, question)).response === 1
}
