import { contextBridge, ipcRenderer } from 'electron'
import { enginePortMessage, rendererReadyMessage, shellApiName, shellOrigin, type ShellApi } from '../model/shellApi.ts'

// Channel names are those of shellIpc.ts, which cannot be imported here: a sandboxed preload loads nothing but electron.
const shell: ShellApi = {
  info: () => ipcRenderer.invoke('shell:info'),
  openWorkspace: () => ipcRenderer.invoke('shell:openWorkspace'),
  chooseFile: (request) =>
    ipcRenderer.invoke('shell:chooseFile', { title: request.title, extensions: [...request.extensions] }),
  openExternal: (url) => ipcRenderer.invoke('shell:openExternal', url),
}
contextBridge.exposeInMainWorld(shellApiName, shell)

// The bridge cannot carry a MessagePort, so the port goes by a message to the page's exact origin.
ipcRenderer.on('shell:engine-port', (event) => {
  const [port] = event.ports
  if (port) window.postMessage(enginePortMessage, shellOrigin, [port])
})
window.addEventListener('message', (event) => {
  if (event.source === window && event.origin === shellOrigin && event.data === rendererReadyMessage)
    void ipcRenderer.invoke('shell:window-ready')
})
