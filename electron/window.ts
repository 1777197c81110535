import type { BrowserWindow, BrowserWindowConstructorOptions } from 'electron'
import { shellOrigin } from '../model/shellApi.ts'

/** The one window: sandboxed, isolated from the preload's world, no Node anywhere near the page. */
export function windowOptions(preload: string, isDark: boolean): BrowserWindowConstructorOptions {
  return {
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    show: false,
    title: 'Switchyard',
    backgroundColor: isDark ? '#14161a' : '#f7f7f5',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  }
}

/** Shows the page once it is drawn, so that no empty window flashes. */
export async function showPage(window: Pick<BrowserWindow, 'once' | 'loadURL' | 'show'>): Promise<void> {
  window.once('ready-to-show', () => window.show())
  await window.loadURL(`${shellOrigin}/index.html`)
}
