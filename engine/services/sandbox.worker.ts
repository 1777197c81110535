import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { parentPort } from 'node:worker_threads'
import { QuickJS } from 'quickjs-wasi'
import type { SandboxFailureCode, SandboxJob, SandboxReply } from './sandboxMessages.ts'

/** Entry of a sandbox worker: one QuickJS machine per job, thrown away after it, so that no script meets another. */

const memoryLimit = 64 * 1024 * 1024
const stackLimit = 128 * 1024

const port = parentPort
if (!port) throw new Error('sandbox.worker runs as a worker thread only')

const wasmFile = createRequire(import.meta.url).resolve('quickjs-wasi/quickjs.wasm')
const wasm = await WebAssembly.compile(readFileSync(wasmFile))

let deadline = 0
let wasInterrupted = false

function isOverdue(): boolean {
  if (performance.now() <= deadline) return false
  wasInterrupted = true
  return true
}

function newMachine(): Promise<QuickJS> {
  return QuickJS.create({ wasm, memoryLimit, maxStackSize: stackLimit, interruptHandler: isOverdue })
}

let spare = newMachine()
await spare

port.on('message', (job: SandboxJob) => void handle(job))
reply({ type: 'ready' })

function reply(message: SandboxReply): void {
  port?.postMessage(message)
}

async function handle(job: SandboxJob): Promise<void> {
  const machine = await spare
  reply(runJob(machine, job))
  machine.dispose()
  spare = newMachine()
}

function runJob(machine: QuickJS, job: SandboxJob): SandboxReply {
  deadline = performance.now() + job.limitMs
  wasInterrupted = false
  try {
    const scope = machine.newString(job.scope)
    machine.setProp(machine.global, 'scopeText', scope)
    scope.dispose()
    const values = machine.evalCode(programOf(job))
    const text = values.toString()
    values.dispose()
    return { type: 'done', id: job.id, values: text }
  } catch (error) {
    return { type: 'failed', id: job.id, ...explain(error) }
  }
}

/**
 * Each source becomes a function over the scope's names; a hole is an expression, so it stands in brackets. The results
 * leave as the text of one JSON list, made with the functions as they were before any script ran.
 */
function programOf({ sources, isBody, names }: SandboxJob): string {
  const functions = sources.map((source) => `function (${names.join(', ')}) {\n${isBody ? source : `return (${source}\n)`}\n}`)
  return `(() => {
    const { parse, stringify } = JSON
    const scope = parse(globalThis.scopeText)
    delete globalThis.scopeText
    const values = [${names.map((name) => `scope[${JSON.stringify(name)}]`).join(', ')}]
    const texts = []
    for (const run of [${functions.join(',\n')}]) texts[texts.length] = stringify(run(...values)) ?? 'null'
    let list = '['
    for (let i = 0; i < texts.length; i++) list += (i === 0 ? '' : ',') + texts[i]
    return list + ']'
  })()`
}

function explain(error: unknown): { code: SandboxFailureCode; message: string } {
  const message = messageOf(error)
  if (wasInterrupted) return { code: 'sandbox-timeout', message: 'The script ran too long and was stopped.' }
  if (/out of memory/i.test(message) || error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
    return { code: 'sandbox-memory', message: 'The script used more memory than it may and was stopped.' }
  }
  return { code: 'expression-failed', message }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.name === 'Error' || error.message.startsWith(`${error.name}: `) ? error.message : `${error.name}: ${error.message}`
}
