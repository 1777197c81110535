import { useVirtualizer } from '@tanstack/react-virtual'
import { ChevronRight, Copy, Maximize2 } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { toast } from 'sonner'
import type { Json } from '../../model/json.ts'
import type { ValuePreview } from '../../model/protocol.ts'
import { attempt } from '../shell/report.ts'
import { formatBytes } from '../controls/format.ts'
import { IconButton } from '../controls/Button.tsx'
import { pathDragType } from './valueDrag.ts'
import { readWhole, wholeText } from './wholeValue.ts'
import {
  isPreview,
  pageSize,
  rowExpression,
  shortValue,
  valueRows,
  type TreeState,
  type ValueRow,
} from './valueRows.ts'
import { ValueText } from './ValueText.tsx'
import styles from './ValueTree.module.css'

interface ValueTreeProps {
  /** The name at the root: `output`, `input`. */
  readonly name: string
  readonly value: Json
  /** The expression that reads the root (`nodes.fetch.output`); rows can then be dragged into fields. */
  readonly root?: string
  /** Fills its parent instead of growing to `maxHeight`. */
  readonly fill?: boolean
  readonly maxHeight?: number
}

const rowHeight = 24
/** A preview at the root is read whole at once up to this size, in characters of JSON. */
const readAtOnce = 4_000_000
const closedTree: TreeState = { open: new Set(['']), shown: new Map(), read: new Map() }

/** A JSON value as a tree: only what is seen is drawn, so that large values stay quick. Rows drag into fields. */
export function ValueTree({ name, value, root, fill = false, maxHeight = 280 }: ValueTreeProps) {
  const [tree, setTree] = useState<TreeState>(closedTree)
  const [whole, setWhole] = useState<ValueRow>()
  const rows = useMemo(() => valueRows(name, value, tree), [name, value, tree])
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    initialRect: { width: 300, height: maxHeight },
  })
  const read = async ({ $blob: hash }: ValuePreview) => {
    const whole = await readWhole(hash)
    if (whole) setTree((state) => ({ ...state, read: new Map(state.read).set(hash, whole.value) }))
  }
  const toggle = (row: ValueRow) => {
    const { unread } = row
    if (unread) attempt('read the whole value', () => read(unread))
    setTree((state) => toggled(state, row))
  }
  const top = rows[0]?.unread
  useEffect(() => {
    if (top && top.size <= readAtOnce) attempt('read the whole value', () => read(top))
  }, [top])
  return (
    <div
      ref={scroller}
      role="tree"
      aria-label={name}
      className={styles['tree']}
      style={fill ? { height: '100%' } : { height: Math.min(maxHeight, rows.length * rowHeight + 8) }}
      onKeyDown={(event) => moveFocus(event, (index) => virtual.scrollToIndex(index))}
    >
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index]
          if (!row) return null
          return (
            <div
              key={row.id}
              data-index={item.index}
              className={styles['place']}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <Row row={row} root={root} onToggle={() => toggle(row)} onWhole={() => setWhole(row)} />
            </div>
          )
        })}
      </div>
      {whole && (
        <ValueText
          title={root === undefined ? whole.name : rowExpression(root, whole)}
          value={whole.value}
          onClose={() => setWhole(undefined)}
        />
      )}
    </div>
  )
}

function toggled(state: TreeState, row: ValueRow): TreeState {
  if (row.more !== undefined) {
    const parent = row.id.slice(0, -2)
    const shown = new Map(state.shown)
    shown.set(parent, (shown.get(parent) ?? pageSize) + pageSize * 5)
    return { ...state, shown }
  }
  const open = new Set(state.open)
  if (!open.delete(row.id)) open.add(row.id)
  return { ...state, open }
}

/** Up and down walk the rows that are drawn; the list follows the focus. */
function moveFocus(event: React.KeyboardEvent<HTMLElement>, scrollTo: (index: number) => void): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  const current = document.activeElement?.closest<HTMLElement>('[data-index]')
  if (step === 0 || !current || !event.currentTarget.contains(current)) return
  event.preventDefault()
  const index = Number(current.dataset['index']) + step
  const next = event.currentTarget.querySelector<HTMLElement>(`[data-index="${index}"] [role="treeitem"]`)
  if (!next) return
  next.focus({ preventScroll: true })
  scrollTo(index)
}

interface RowProps {
  readonly row: ValueRow
  readonly root: string | undefined
  readonly onToggle: () => void
  readonly onWhole: () => void
}

function Row({ row, root, onToggle, onWhole }: RowProps) {
  const expandable = row.unread !== undefined || (row.parts !== undefined && row.parts > 0)
  const expression = root === undefined || row.more !== undefined ? undefined : rowExpression(root, row)
  return (
    <div
      role="treeitem"
      aria-level={row.depth + 1}
      aria-expanded={expandable ? row.open : undefined}
      tabIndex={0}
      className={styles['row']}
      style={{ paddingLeft: 4 + row.depth * 14 }}
      title={expression}
      draggable={expression !== undefined}
      onDragStart={(event) => {
        if (expression === undefined) return
        event.dataTransfer.setData(pathDragType, expression)
        event.dataTransfer.setData('text/plain', `{{ ${expression} }}`)
        event.dataTransfer.effectAllowed = 'copy'
      }}
      onClick={() => (expandable || row.more !== undefined) && onToggle()}
      onKeyDown={(event) => {
        const opens =
          event.key === 'Enter' || (event.key === 'ArrowRight' && !row.open) || (event.key === 'ArrowLeft' && row.open)
        if (opens && (expandable || row.more !== undefined)) onToggle()
      }}
    >
      <ChevronRight size={12} className={styles['chevron']} data-open={row.open} data-hidden={!expandable} />
      {row.more === undefined ? <Content row={row} /> : <span className={styles['more']}>{row.more} more …</span>}
      {row.more === undefined && <RowActions row={row} expression={expression} onWhole={onWhole} />}
    </div>
  )
}

function Content({ row }: { readonly row: ValueRow }) {
  const { value } = row
  const type = value === null ? 'null' : isPreview(value) ? 'string' : typeof value
  return (
    <>
      <span className={styles['name']}>{row.name}</span>
      <span className={styles['value']} data-type={type}>
        {shortValue(value)}
      </span>
      {isPreview(value) && <span className={styles['size']}>{formatBytes(value.size)}</span>}
    </>
  )
}

function RowActions({
  row,
  expression,
  onWhole,
}: {
  readonly row: ValueRow
  readonly expression: string | undefined
  readonly onWhole: () => void
}) {
  const copy = (text: string, what: string) => {
    navigator.clipboard.writeText(text).then(
      () => toast.success(`${what} copied`),
      () => toast.error('Could not copy', { description: 'The browser refused access to the clipboard.' }),
    )
  }
  const long = (isPreview(row.value) && !row.unread) || typeof row.value === 'string'
  return (
    <span className={styles['actions']} onClick={(event) => event.stopPropagation()}>
      {long && (
        <IconButton label="Show the whole text" size="s" tabIndex={-1} onClick={onWhole}>
          <Maximize2 size={12} />
        </IconButton>
      )}
      <IconButton
        label={expression === undefined ? 'Copy value' : 'Copy value (Alt: expression)'}
        size="s"
        tabIndex={-1}
        onClick={(event) => {
          if (event.altKey && expression !== undefined) copy(expression, 'Expression')
          else attempt('copy the value', async () => copy(await wholeText(row.value), 'Value'))
        }}
      >
        <Copy size={12} />
      </IconButton>
    </span>
  )
}
