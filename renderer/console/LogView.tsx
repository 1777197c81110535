import { useVirtualizer } from '@tanstack/react-virtual'
import { ScrollText } from 'lucide-react'
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { nodeIdOf } from '../../model/nodePath.ts'
import { EmptyState } from '../controls/EmptyState.tsx'
import { formatExact, formatTime } from '../controls/format.ts'
import { SelectInput, TextInput } from '../controls/inputs.tsx'
import { useShownRun } from '../runs/shownState.ts'
import { useDocuments } from '../state/documentStore.ts'
import { selectionStore } from '../state/selectionStore.ts'
import styles from './LogView.module.css'
import { logLines, type LogLine } from './logLines.ts'

const levels = ['debug', 'info', 'warn', 'error'] as const
const choices = [
  { value: 'debug', label: 'Everything' },
  { value: 'info', label: 'Info and worse' },
  { value: 'warn', label: 'Warnings and errors' },
  { value: 'error', label: 'Errors' },
]

/** What the run wrote; follows its end while that is in view. */
export function LogView() {
  const path = useDocuments((state) => state.active)
  const run = useShownRun(path)
  const [level, setLevel] = useState('debug')
  const [search, setSearch] = useState('')
  const events = useDeferredValue(run?.events)
  const all = useMemo(() => (events ? logLines(events) : []), [events])
  const least = levels.findIndex((known) => known === level)
  const wanted = search.toLowerCase()
  const lines = all.filter(
    (line) =>
      levels.indexOf(line.level) >= least &&
      (wanted === '' || `${line.node ?? ''} ${line.text}`.toLowerCase().includes(wanted)),
  )
  if (!run) {
    return (
      <EmptyState icon={<ScrollText size={22} />} title="No log yet">
        A run writes here what its Log nodes say, and every failure and retry.
      </EmptyState>
    )
  }
  return (
    <div className={styles['view']}>
      <div className={styles['bar']}>
        <TextInput aria-label="Search the log" placeholder="Search the log" value={search} onChange={setSearch} />
        <SelectInput aria-label="Level" value={level} onChange={setLevel} options={choices} />
      </div>
      <Lines lines={lines} />
    </div>
  )
}

function Lines({ lines }: { readonly lines: readonly LogLine[] }) {
  const scroller = useRef<HTMLDivElement>(null)
  const follows = useRef(true)
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 22,
    overscan: 12,
    initialRect: { width: 800, height: 300 },
  })
  useEffect(() => {
    if (follows.current && lines.length > 0) virtual.scrollToIndex(lines.length - 1)
  }, [lines.length, virtual])
  return (
    <div
      ref={scroller}
      className={styles['lines']}
      role="log"
      onScroll={({ currentTarget: element }) => {
        follows.current = element.scrollHeight - element.scrollTop - element.clientHeight < 40
      }}
    >
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map((item) => {
          const line = lines[item.index]
          if (!line) return null
          return (
            <div
              key={line.seq}
              data-index={item.index}
              ref={virtual.measureElement}
              className={styles['line']}
              data-level={line.level}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <time title={formatExact(line.at)}>{formatTime(line.at)}</time>
              <span className={styles['level']}>{line.level}</span>
              <Source path={line.node} />
              <span className={styles['text']}>{line.text}</span>
            </div>
          )
        })}
      </div>
    </div>
  )
}

function Source({ path }: { readonly path: string | undefined }) {
  if (path === undefined) return <span className={styles['source']}>run</span>
  return (
    <button
      type="button"
      className={styles['source']}
      title={path}
      onClick={() => selectionStore.getState().reveal(nodeIdOf(path))}
    >
      {path}
    </button>
  )
}
