import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { parentPort } from 'node:worker_threads'
import { QuickJS } from 'quickjs-wasi'
import type { SandboxFailureCode, SandboxJob, SandboxReply } from './sandboxMessages.ts'

/**
 * Entry of a sandbox worker. Every job finds the QuickJS machine as it was made: its memory is put back to the image
 * taken before any script ran (70 us; a new machine takes 2 ms), so that no script meets another. A machine whose
 * memory has grown or whose code has trapped is replaced.
 */

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

type JobReply = Exclude<SandboxReply, { readonly type: 'ready' }>

interface PristineMachine {
  readonly machine: QuickJS
  readonly memory: { readonly buffer: ArrayBufferLike }
  readonly image: Uint8Array
}

async function newMachine(): Promise<PristineMachine> {
  let memory: PristineMachine['memory'] | undefined
  const machine = await QuickJS.create({
    wasm,
    memoryLimit,
    maxStackSize: stackLimit,
    interruptHandler: isOverdue,
    wasi: (own: PristineMachine['memory']) => {
      memory = own
      return {}
    },
  })
  if (!memory) throw new Error('quickjs-wasi gave no access to its memory')
  // Handles that the host keeps must lie in the image.
  void machine.global
  return { machine, memory, image: new Uint8Array(memory.buffer).slice() }
}

/** Puts the machine's memory back as it was made; false where it has grown, which cannot be undone. */
function restore(used: PristineMachine): boolean {
  if (used.memory.buffer.byteLength !== used.image.byteLength) return false
  new Uint8Array(used.memory.buffer).set(used.image)
  return true
}

let ready = newMachine()
await ready

port.on('message', (job: SandboxJob) => void handle(job))
reply({ type: 'ready' })

function reply(message: SandboxReply): void {
  port?.postMessage(message)
}

async function handle(job: SandboxJob): Promise<void> {
  const used = await ready
  const answer = runJob(used.machine, job)
  reply(answer)
  const isIntact = answer.type === 'done' || answer.code === 'expression-failed'
  if (isIntact && restore(used)) return
  used.machine.dispose()
  ready = newMachine()
}

function runJob(machine: QuickJS, job: SandboxJob): JobReply {
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
