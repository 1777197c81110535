import { createRoot } from 'react-dom/client'
import { FlowCanvas } from './canvas/FlowCanvas.tsx'
import { startDispatcher } from './keymap/dispatcher.ts'
import { currentHost } from './keymap/host.ts'
import { LibraryPanel } from './palette/LibraryPanel.tsx'
import { App } from './shell/App.tsx'
import { startSession } from './shell/startSession.ts'
import { applyTheme } from './theme/theme.ts'
import './theme/global.css'
import { createMessagePortTransport } from './transport/messagePortTransport.ts'
import { createWebSocketTransport } from './transport/webSocketTransport.ts'

const root = document.getElementById('root')
if (!root) throw new Error('The page has no element to draw into.')

applyTheme('system')
startDispatcher()
startSession(currentHost().desktop ? createMessagePortTransport() : createWebSocketTransport())
createRoot(root).render(<App canvas={<FlowCanvas />} library={<LibraryPanel />} />)
