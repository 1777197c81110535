import { ChevronDown, Play, RotateCcw, Square } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { Button } from '../controls/Button.tsx'
import { Hint } from '../controls/Hint.tsx'
import menu from '../controls/menu.module.css'
import { inputFields } from '../runs/inputSchema.ts'
import { runActive, stopActive } from '../runs/runCommands.ts'
import { canResume, resumeRun } from '../runs/runRepairs.ts'
import { shownRunOf } from '../runs/shownState.ts'
import type { RunSummary } from '../../model/protocol.ts'
import { attempt } from './report.ts'
import { useActiveDocument, useDocuments } from '../state/documentStore.ts'
import { isLive, useRuns } from '../state/runStore.ts'
import { useConnection } from './engine.ts'
import { keyLabel } from '../keymap/commands.ts'
import styles from './RunButtons.module.css'

/** Run, or Stop while the run on the canvas goes on. */
export function RunButtons() {
  const path = useDocuments((state) => state.active)
  const connected = useConnection().status === 'connected'
  const run = useRuns((state) => shownRunOf(state, path)?.summary)
  const live = run !== undefined && isLive(run)
  const hasInputs = useActiveDocument((document) => inputFields(document.flow.inputs).length > 0) ?? false
  if (live) {
    return (
      <Hint label="Stop this run" keys={keyLabel('run.stop')}>
        <Button look="danger" onClick={stopActive}>
          <Square size={13} />
          Stop
        </Button>
      </Hint>
    )
  }
  const ended = run && canResume(run) ? run : undefined
  const disabled = path === undefined || !connected
  return (
    <div className={styles['buttons']}>
      {ended && connected && <ResumeButton run={ended} />}
      <div className={styles['split']}>
        <Hint label="Run this flow" keys={keyLabel('run.start')}>
          <Button
            look="primary"
            className={hasInputs ? styles['main'] : undefined}
            disabled={disabled}
            onClick={() => runActive()}
          >
            <Play size={14} />
            Run
          </Button>
        </Hint>
        {hasInputs && <InputMenu disabled={disabled} />}
      </div>
    </div>
  )
}

/** Goes on with the run shown, which failed or was stopped. */
function ResumeButton({ run }: { readonly run: RunSummary }) {
  return (
    <Hint label="Go on where this run ended, with the flow as it is now. What was done is not done again.">
      <Button onClick={() => attempt('resume the run', () => resumeRun(run))}>
        <RotateCcw size={14} />
        Resume
      </Button>
    </Hint>
  )
}

function InputMenu({ disabled }: { readonly disabled: boolean }) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <Button look="primary" className={styles['more']} disabled={disabled} aria-label="More ways to run">
          <ChevronDown size={14} />
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={menu['menu']} align="end" sideOffset={6}>
          <DropdownMenu.Item className={menu['item']} onSelect={() => runActive()}>
            Run with the last inputs
          </DropdownMenu.Item>
          <DropdownMenu.Item className={menu['item']} onSelect={() => runActive({ ask: true })}>
            Run with other inputs …
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
