import { PanelBottomClose } from 'lucide-react'
import { useDeferredValue, useMemo } from 'react'
import { IconButton } from '../controls/Button.tsx'
import { formatCost, formatCount, formatExact, formatTime } from '../controls/format.ts'
import { Tabs, type TabItem } from '../controls/Tabs.tsx'
import { keyLabel } from '../keymap/commands.ts'
import { ProblemsList } from '../problems/ProblemsList.tsx'
import { useShownRun, useShownState } from '../runs/shownState.ts'
import { ErrorBoundary } from '../shell/ErrorBoundary.tsx'
import { useView, viewStore, type ConsoleTab } from '../shell/viewStore.ts'
import { useActiveDocument, useDocuments } from '../state/documentStore.ts'
import styles from './Console.module.css'
import { CostView } from './CostView.tsx'
import { logLines } from './logLines.ts'
import { LogView } from './LogView.tsx'
import { MachineView } from './MachineView.tsx'
import { OutputView } from './OutputView.tsx'
import { Timeline } from './Timeline.tsx'

/** The lower panel: the run in time, in words and in values; what verification found. */
export function Console() {
  const tab = useView((view) => view.consoleTab)
  const tabs = useTabs()
  return (
    <section className={styles['console']} aria-label="Console" data-panel="console" tabIndex={-1}>
      <Tabs
        label="Console"
        tabs={tabs}
        value={tab}
        onChange={(consoleTab) => viewStore.setState({ consoleTab })}
        aside={<RunFacts />}
      >
        <ErrorBoundary key={tab} what="This part of the console">
          <Content tab={tab} />
        </ErrorBoundary>
      </Tabs>
    </section>
  )
}

function Content({ tab }: { readonly tab: ConsoleTab }) {
  if (tab === 'log') return <LogView />
  if (tab === 'problems') return <ProblemsList />
  if (tab === 'output') return <OutputView />
  if (tab === 'machine') return <MachineView />
  return tab === 'cost' ? <CostView /> : <Timeline />
}

function useTabs(): readonly TabItem<ConsoleTab>[] {
  const path = useDocuments((state) => state.active)
  // A long run sends many events a second; counting them may lag behind drawing.
  const events = useDeferredValue(useShownRun(path)?.events)
  const lines = useMemo(() => (events ? logLines(events).length : 0), [events])
  const usage = useShownState(path, (state) => state.usage)
  const problems =
    useActiveDocument((document) => document.diagnostics.filter((d) => d.severity !== 'info').length) ?? 0
  const broken = useActiveDocument((document) => document.diagnostics.some((d) => d.severity === 'error')) ?? false
  const tokens = usage.inputTokens + usage.outputTokens
  const cost = usage.cost === undefined ? `${formatCount(tokens)} tokens` : formatCost(usage.cost)
  return [
    { name: 'timeline', label: 'Timeline' },
    { name: 'log', label: 'Log', badge: lines === 0 ? undefined : formatCount(lines) },
    {
      name: 'problems',
      label: 'Problems',
      badge: problems === 0 ? undefined : formatCount(problems),
      tone: broken ? 'fail' : 'wait',
    },
    { name: 'output', label: 'Values' },
    { name: 'cost', label: 'Cost', badge: tokens === 0 ? undefined : cost },
    { name: 'machine', label: 'Machine' },
  ]
}

function RunFacts() {
  const path = useDocuments((state) => state.active)
  const run = useShownRun(path)
  return (
    <span className={styles['facts']}>
      {run && (
        <span title={`${run.runId}\n${formatExact(run.summary.startedAt)}`}>
          run …{run.runId.slice(-6)} · started {formatTime(run.summary.startedAt)}
        </span>
      )}
      <IconButton
        label="Hide console"
        keys={keyLabel('view.console')}
        size="s"
        onClick={() => viewStore.setState({ consoleOpen: false })}
      >
        <PanelBottomClose size={15} />
      </IconButton>
    </span>
  )
}
