import { Blocks, FolderOpen, History, PanelLeftClose } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from '../controls/Button.tsx'
import { Tabs } from '../controls/Tabs.tsx'
import { FilesPanel } from '../files/FilesPanel.tsx'
import { keyLabel } from '../keymap/commands.ts'
import { RunsPanel } from '../runs/RunsPanel.tsx'
import styles from './LeftPanel.module.css'
import { toggleLeft, useView, viewStore, type LeftTab } from './viewStore.ts'

const tabs = [
  { name: 'library', label: 'Library', icon: Blocks },
  { name: 'files', label: 'Files', icon: FolderOpen },
  { name: 'runs', label: 'Runs', icon: History },
] as const

interface LeftPanelProps {
  readonly library: ReactNode
}

/** What a flow is made from, and what there is already: library, files, runs. */
export function LeftPanel({ library }: LeftPanelProps) {
  const tab = useView((view) => view.leftTab)
  return (
    <aside className={styles['panel']} aria-label="Library, files and runs" data-panel="left" tabIndex={-1}>
      <Tabs
        label="Left panel"
        tabs={tabs}
        value={tab}
        onChange={(leftTab) => viewStore.setState({ leftTab })}
        aside={
          <IconButton label="Hide panel" keys={keyLabel('view.library')} size="s" onClick={toggleLeft}>
            <PanelLeftClose size={15} />
          </IconButton>
        }
      >
        <LeftContent tab={tab} library={library} />
      </Tabs>
    </aside>
  )
}

function LeftContent({ tab, library }: { readonly tab: LeftTab; readonly library: ReactNode }) {
  if (tab === 'files') return <FilesPanel />
  if (tab === 'runs') return <RunsPanel />
  return library
}

/** The left panel's narrow form: a column of glyphs, each opening its tab. */
export function Rail({ wide }: { readonly wide: boolean }) {
  const open = useView((view) => !wide && view.flyoutOpen)
  const current = useView((view) => view.leftTab)
  return (
    <nav className={styles['rail']} aria-label="Panels">
      {tabs.map(({ name, label, icon: Icon }) => {
        const active = open && current === name
        return (
          <IconButton
            key={name}
            label={label}
            active={active}
            onClick={() =>
              viewStore.setState(wide ? { leftTab: name, leftOpen: true } : { leftTab: name, flyoutOpen: !active })
            }
          >
            <Icon size={18} />
          </IconButton>
        )
      })}
    </nav>
  )
}
