/** One measured case. Times are in `unit`; absent where the case has no such part. */
export interface Row {
  readonly name: string
  readonly n?: number
  readonly unit: 'us/node' | 'us/branch' | 'ms' | 'MB' | 'runs/s' | 'ms/frame'
  /** The median of the samples. */
  readonly engine: number
  /** The fastest sample: what remains where other work on the machine got in the way of the median. */
  readonly best?: number
  /** The same work as plain async functions, in the same process. */
  readonly plain?: number
  /** The same with one SQLite row per node. */
  readonly sqlite?: number
  readonly target?: number
  readonly samples?: number
  readonly note?: string
}

/** Higher is better only for rates. */
export function meetsTarget(row: Row): boolean | undefined {
  if (row.target === undefined) return undefined
  return row.unit === 'runs/s' ? row.engine >= row.target : row.engine <= row.target
}

const headings = [
  'case',
  'n',
  'unit',
  'engine',
  'best',
  'plain',
  'x plain',
  'plain+SQLite',
  'x SQLite',
  'target',
  'x target',
  'note',
]

/** The rows as an aligned table: text to the left, numbers to the right. */
export function formatTable(rows: readonly Row[]): string {
  const cells = [headings, ...rows.map(cellsOf)]
  const widths = headings.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)))
  const lines = cells.map((line) =>
    line
      .map((cell, column) => align(cell, widths[column] ?? 0, column))
      .join('  ')
      .trimEnd(),
  )
  const rule = widths.map((width) => '-'.repeat(width)).join('  ')
  return [lines[0], rule, ...lines.slice(1)].join('\n')
}

function cellsOf(row: Row): string[] {
  const met = meetsTarget(row)
  const ratio = (base: number | undefined): string => (base === undefined ? '' : digits(row.engine / base))
  return [
    row.name,
    row.n === undefined ? '' : String(row.n),
    row.unit,
    digits(row.engine),
    row.best === undefined ? '' : digits(row.best),
    row.plain === undefined ? '' : digits(row.plain),
    ratio(row.plain),
    row.sqlite === undefined ? '' : digits(row.sqlite),
    ratio(row.sqlite),
    row.target === undefined ? '' : digits(row.target),
    ratio(row.target),
    [met === undefined ? '' : met ? 'met' : 'MISSED', row.note ?? ''].filter((part) => part !== '').join(', '),
  ]
}

function align(cell: string, width: number, column: number): string {
  const isText = column === 0 || column === 2 || column === headings.length - 1
  return isText ? cell.padEnd(width) : cell.padStart(width)
}

function digits(value: number): string {
  if (value >= 100) return value.toFixed(0)
  return value >= 10 ? value.toFixed(1) : value.toPrecision(2)
}
