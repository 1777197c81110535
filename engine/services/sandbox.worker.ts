import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { parentPort } from 'node:worker_threads'
import { SandboxMachine } from './sandboxMachine.ts'
import type { SandboxFailureCode, SandboxJob, SandboxReply } from './sandboxMessages.ts'

/** Entry of a sandbox worker: runs one job after the other, each in a machine that has never run a script. */

const port = parentPort
if (!port) throw new Error('sandbox.worker runs as a worker thread only')

const wasmFile = createRequire(import.meta.url).resolve('quickjs-wasi/quickjs.wasm')
const wasm = await WebAssembly.compile(readFileSync(wasmFile))

let deadline = Infinity
let wasInterrupted = false

function isOverdue(): boolean {
  if (performance.now() <= deadline) return false
  wasInterrupted = true
  return true
}

let machine = SandboxMachine.create(wasm, isOverdue)

port.on('message', (job: SandboxJob) => void handle(job))
reply({ type: 'ready' })

function reply(message: SandboxReply): void {
  port?.postMessage(message)
}

async function handle(job: SandboxJob): Promise<void> {
  const used = await machine
  const answer = attempt(job, () => used.run(programOf(job), job.scope))
  reply(answer)
  // What was stopped in the middle may have left more than its memory tells.
  const isSpoilt = answer.type === 'failed' && answer.code !== 'expression-failed'
  if (isSpoilt || !used.restore()) machine = SandboxMachine.create(wasm, isOverdue)
}

function attempt(job: SandboxJob, work: () => string): SandboxReply {
  deadline = performance.now() + job.limitMs
  wasInterrupted = false
  try {
    return { type: 'done', id: job.id, values: work() }
  } catch (error) {
    return { type: 'failed', id: job.id, ...explain(error) }
  } finally {
    deadline = Infinity
  }
}

/**
 * Each source becomes a function over the scope's names; a hole is an expression, so it stands in brackets. The results
 * leave as the text of one JSON list, made with the functions as they were before any script ran.
 */
function programOf({ sources, isBody, names }: SandboxJob): string {
  const functions = sources.map(
    (source) => `function (${names.join(', ')}) {\n${isBody ? source : `return (${source}\n)`}\n}`,
  )
  return `((parse, stringify) => (text) => {
    const scope = parse(text)
    const values = [${names.map((name) => `scope[${JSON.stringify(name)}]`).join(', ')}]
    let list = ''
    for (const run of [${functions.join(',\n')}]) list += (list === '' ? '[' : ',') + (stringify(run(...values)) ?? 'null')
    return list + ']'
  })(JSON.parse, JSON.stringify)`
}

function explain(error: unknown): { code: SandboxFailureCode; message: string } {
  const message = messageOf(error)
  if (wasInterrupted) return { code: 'sandbox-timeout', message: 'The script ran too long and was stopped.' }
  if (
    /out of memory|malloc failed/i.test(message) ||
    error instanceof WebAssembly.RuntimeError ||
    error instanceof RangeError
  ) {
    return { code: 'sandbox-memory', message: 'The script used more memory than it may and was stopped.' }
  }
  return { code: 'expression-failed', message }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.name === 'Error' || error.message.startsWith(`${error.name}: `)
    ? error.message
    : `${error.name}: ${error.message}`
}
