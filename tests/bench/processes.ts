import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import type { JsonObject } from '../../model/json.ts'
import { pausedChain } from './flows.ts'
import { median } from './measure.ts'
import type { Row } from './table.ts'

const bin = join(import.meta.dirname, '../../bin/switchyard.mjs')
const repeats = 7
const pauseMs = 300

type Child = ChildProcessByStdio<null, Readable, null>

/** Time from the start of the process to the first node, and the memory it then has, beside a bare Node process. */
export async function measureColdStart(report: (row: Row) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-'))
  const file = join(folder, 'cold.flow.json')
  writeFileSync(file, coldFlow())
  const starts: number[] = []
  const memory: number[] = []
  const bare: number[] = []
  for (let i = 0; i <= repeats; i++) {
    const cold = await untilLine(
      [bin, 'run', file, '--events', '--trust', '--workspace', folder],
      (line) => typeOf(line) === 'node.started',
    )
    const floor = await untilLine(['-e', 'console.log(1);setTimeout(() => {}, 10000)'], () => true)
    // The first start only fills the page cache.
    if (i === 0) continue
    starts.push(cold.ms)
    if (cold.rss !== undefined) memory.push(cold.rss)
    bare.push(floor.ms)
  }
  rmSync(folder, { recursive: true })
  report({
    name: 'process start to first node',
    unit: 'ms',
    engine: median(starts),
    best: Math.min(...starts),
    plain: median(bare),
    target: 100,
    samples: repeats,
  })
  if (memory.length > 0)
    report({
      name: 'memory at first node',
      unit: 'MB',
      engine: median(memory),
      best: Math.min(...memory),
      target: 80,
      samples: repeats,
    })
}

/** Kills a run half way and times from the start of the next process to the next node. */
export async function measureResume(report: (row: Row) => void): Promise<void> {
  for (const n of [100, 1000, 5000]) {
    const times: number[] = []
    for (let i = 0; i < 5; i++) times.push(await resumeOnce(n))
    report({
      name: 'resume after a kill half way',
      n,
      unit: 'ms',
      engine: median(times),
      best: Math.min(...times),
      samples: times.length,
      ...(n <= 1000 && { target: 300 }),
    })
  }
}

/** The run is killed while it waits, for less long than it then lies there: the next process goes on at once. */
async function resumeOnce(n: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-'))
  const file = join(folder, 'resume.flow.json')
  writeFileSync(file, pausedChain(n, `${pauseMs}ms`).text)
  let runId = ''
  let lastSeq = 0
  await untilLine([bin, 'run', file, '--events', '--trust', '--input', 'x=7', '--workspace', folder], (line) => {
    const event = JSON.parse(line) as JsonObject
    runId = String(event['runId'])
    lastSeq = Number(event['seq'])
    return event['type'] === 'node.waiting'
  })
  await setTimeout(pauseMs)
  const resumed = await untilLine([bin, 'runs', 'resume', runId, '--events', '--workspace', folder], (line) => {
    const event = JSON.parse(line) as JsonObject
    return Number(event['seq']) > lastSeq && event['type'] === 'node.started'
  })
  rmSync(folder, { recursive: true })
  return resumed.ms
}

interface Seen {
  /** Milliseconds from spawn to the line. */
  readonly ms: number
  /** Resident megabytes when the line came; only where the system tells. */
  readonly rss: number | undefined
}

/** Starts a Node process, waits for the first line that fits, and kills it with SIGKILL. */
async function untilLine(args: readonly string[], fits: (line: string) => boolean): Promise<Seen> {
  const started = performance.now()
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  const exited = once(child, 'exit')
  const seen = await firstLine(child, started, fits)
  child.kill('SIGKILL')
  await exited
  if (!seen) throw new Error(`switchyard ${args.slice(1, 3).join(' ')} ended without the line that was waited for`)
  return seen
}

async function firstLine(child: Child, started: number, fits: (line: string) => boolean): Promise<Seen | undefined> {
  for await (const line of createInterface(child.stdout)) {
    if (line !== '' && fits(line)) return { ms: performance.now() - started, rss: residentMegabytes(child.pid) }
  }
  return undefined
}

function residentMegabytes(pid: number | undefined): number | undefined {
  if (pid === undefined || process.platform !== 'linux') return undefined
  const found = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return found ? Number(found[1]) / 1024 : undefined
}

function typeOf(line: string): string {
  return String((JSON.parse(line) as JsonObject)['type'])
}

/** A first node, and then a wait, so that the process is still there to be looked at. */
function coldFlow(): string {
  const nodes = {
    start: { kind: 'start' },
    first: { kind: 'set', data: { values: { x: 1 } } },
    later: { kind: 'wait', data: { for: '1h' } },
  }
  return JSON.stringify({
    format: 'switchyard.flow/1',
    name: 'Cold',
    nodes,
    edges: ['start -> first', 'first -> later'],
  })
}
