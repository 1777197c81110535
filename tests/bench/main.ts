import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { arch, cpus, loadavg, platform, tmpdir } from 'node:os'
import { join } from 'node:path'
import { measureCanvas } from './canvas.ts'
import { measurePayload, measureRuns, measureShapes } from './engineCases.ts'
import { openEngine } from './engineRunner.ts'
import { openFloor } from './floor.ts'
import { measureColdStart, measureResume } from './processes.ts'
import { formatTable, meetsTarget, type Row } from './table.ts'

type Part = (report: (row: Row) => void) => Promise<void>

/** `npm run bench [part…]`: measures, prints one table, and writes the same as JSON to the file given by the caller. */
const parts: Readonly<Record<string, Part>> = {
  shapes: inProcess(measureShapes),
  runs: inProcess(measureRuns),
  payload: inProcess(measurePayload),
  cold: measureColdStart,
  resume: measureResume,
  canvas: measureCanvas,
}

const [output = 'bench.json', ...asked] = process.argv.slice(2)
const unknown = asked.find((name) => !(name in parts))
if (unknown !== undefined) throw new Error(`There is no part ${unknown}; there are ${Object.keys(parts).join(', ')}.`)

/** Processes that wanted to run in the minute before; 0 on Windows, which does not count them. */
const loadBefore = loadavg()[0] ?? 0
const rows: Row[] = []
for (const [name, part] of Object.entries(parts)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  process.stderr.write(`measuring ${name}\n`)
  await part((row) => rows.push(row))
}
const machine = {
  node: process.version,
  platform: platform(),
  arch: arch(),
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  loadBefore,
}
console.log(`\nNode ${machine.node}, ${machine.platform} ${machine.arch}, ${machine.cores} cores, ${machine.cpu}`)
console.log(
  `load before: ${loadBefore.toFixed(1)}${loadBefore > 0.5 ? ' (a busy machine: "best" says more than the median)' : ''}\n`,
)
console.log(formatTable(rows))
const results = rows.map((row) => ({ ...row, met: meetsTarget(row) }))
writeFileSync(output, `${JSON.stringify({ at: new Date().toISOString(), machine, results }, null, 2)}\n`)

/** A fresh engine and floor in a folder of their own, which is removed afterwards. */
function inProcess(
  part: (
    engine: ReturnType<typeof openEngine>,
    floor: ReturnType<typeof openFloor>,
    report: (row: Row) => void,
  ) => Promise<void>,
): Part {
  return async (report) => {
    const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-'))
    const engine = openEngine(folder)
    const floor = openFloor(folder)
    try {
      await part(engine, floor, report)
    } finally {
      await engine.close()
      floor.close()
      rmSync(folder, { recursive: true })
    }
  }
}
