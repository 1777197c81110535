import { Panel, useReactFlow, useStore } from '@xyflow/react'
import { ListTree, Maximize, Minus, Plus, Workflow } from 'lucide-react'
import { IconButton } from '../controls/Button.tsx'
import { Hint } from '../controls/Hint.tsx'
import { keyLabel, runCommand } from '../keymap/commands.ts'
import styles from './CanvasControls.module.css'

/** The bar in the canvas's corner: zoom, fit, tidy. */
export function CanvasControls() {
  const percent = useStore((state) => Math.round(state.transform[2] * 100))
  const { zoomTo } = useReactFlow()
  return (
    <Panel position="bottom-left" className={styles['bar'] ?? ''}>
      <IconButton label="Zoom out" keys={keyLabel('view.zoomOut')} onClick={() => runCommand('view.zoomOut')}>
        <Minus size={15} />
      </IconButton>
      <Hint label="Zoom to 100 %" keys={keyLabel('view.zoomReset')} side="top">
        <button type="button" className={styles['percent']} onClick={() => void zoomTo(1)}>
          {percent} %
        </button>
      </Hint>
      <IconButton label="Zoom in" keys={keyLabel('view.zoomIn')} onClick={() => runCommand('view.zoomIn')}>
        <Plus size={15} />
      </IconButton>
      <span className={styles['rule']} />
      <IconButton label="Find nodes" keys={keyLabel('edit.find')} onClick={() => runCommand('edit.find')}>
        <ListTree size={15} />
      </IconButton>
      <IconButton label="Fit the flow" keys={keyLabel('view.fit')} onClick={() => runCommand('view.fit')}>
        <Maximize size={15} />
      </IconButton>
      <IconButton label="Tidy up" keys={keyLabel('edit.tidy')} onClick={() => runCommand('edit.tidy')}>
        <Workflow size={15} />
      </IconButton>
    </Panel>
  )
}
