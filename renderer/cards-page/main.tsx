import { Tooltip } from 'radix-ui'
import { createRoot } from 'react-dom/client'
import { startDispatcher } from '../keymap/dispatcher.ts'
import '../theme/global.css'
import { applyTheme } from '../theme/theme.ts'
import { CanvasPage } from './CanvasPage.tsx'
import { CardsPage } from './CardsPage.tsx'
import { readPageOptions } from './pageOptions.ts'

const root = document.getElementById('root')
if (!root) throw new Error('The page has no element to draw into.')

const options = readPageOptions(window.location.search)
applyTheme(options.theme)
startDispatcher()
createRoot(root).render(
  <Tooltip.Provider>
    {options.nodes === undefined ? <CardsPage zoom={options.zoom} /> : <CanvasPage nodes={options.nodes} />}
  </Tooltip.Provider>,
)
