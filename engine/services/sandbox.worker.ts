import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { parentPort } from 'node:worker_threads'
import { QuickJS, type JSValueHandle } from 'quickjs-wasi'
import type { SandboxFailureCode, SandboxJob, SandboxReply } from './sandboxMessages.ts'

/**
 * Entry of a sandbox worker. The body of a function gets a QuickJS machine of its own, thrown away after it.
 * Expressions, which run often and briefly, share a machine in which everything that is reachable is frozen, so that
 * none can leave anything behind for the next.
 */

const memoryLimit = 64 * 1024 * 1024
const stackLimit = 128 * 1024
/** Jobs after which the shared machine is replaced, and compiled expressions it keeps. */
const jobsPerMachine = 5000
const functionsPerMachine = 500

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

function newMachine(): Promise<QuickJS> {
  return QuickJS.create({ wasm, memoryLimit, maxStackSize: stackLimit, interruptHandler: isOverdue })
}

/** Freezes all that a script could reach and change, the prototypes that only syntax reaches included. */
const freezeAll = `(() => {
  const reached = new Set()
  const queue = [
    globalThis, function* () {}, async () => {}, async function* () {}, (function* () {})(), (async function* () {})(),
    [][Symbol.iterator](), ''[Symbol.iterator](), new Map()[Symbol.iterator](), new Set()[Symbol.iterator](),
    'a'.matchAll(/a/g), (function () { return arguments })(),
  ]
  const add = (value) => {
    if ((typeof value === 'object' && value !== null) || typeof value === 'function') queue.push(value)
  }
  while (queue.length > 0) {
    const one = queue.pop()
    if (reached.has(one)) continue
    reached.add(one)
    add(Object.getPrototypeOf(one))
    for (const key of Reflect.ownKeys(one)) {
      const { value, get, set } = Object.getOwnPropertyDescriptor(one, key)
      add(value); add(get); add(set)
    }
  }
  for (const one of reached) Object.freeze(one)
})()`

/** A frozen machine and the expressions compiled in it, by their program. */
interface Shared {
  readonly machine: QuickJS
  readonly functions: Map<string, JSValueHandle>
  jobs: number
}

async function newShared(): Promise<Shared> {
  const machine = await newMachine()
  machine.evalCode(freezeAll).dispose()
  return { machine, functions: new Map(), jobs: 0 }
}

let spare: Promise<QuickJS> | undefined
let shared: Promise<Shared> | undefined

port.on('message', (job: SandboxJob) => void handle(job))
reply({ type: 'ready' })

function reply(message: SandboxReply): void {
  port?.postMessage(message)
}

function handle(job: SandboxJob): Promise<void> {
  return job.isBody ? runBody(job) : runExpressions(job)
}

async function runBody(job: SandboxJob): Promise<void> {
  const machine = await (spare ?? newMachine())
  reply(attempt(job, () => call(machine, machine.evalCode(programOf(job)), job)))
  machine.dispose()
  spare = newMachine()
}

async function runExpressions(job: SandboxJob): Promise<void> {
  shared ??= newShared()
  const { machine, functions } = await shared
  const answer = attempt(job, () => call(machine, compiled(machine, functions, job), job))
  reply(answer)
  const isSpoilt = answer.type === 'failed' && answer.code !== 'expression-failed'
  if (isSpoilt || ++(await shared).jobs >= jobsPerMachine || functions.size >= functionsPerMachine) {
    shared = undefined
    machine.dispose()
  }
}

function compiled(machine: QuickJS, functions: Map<string, JSValueHandle>, job: SandboxJob): JSValueHandle {
  const program = programOf(job)
  const known = functions.get(program)
  if (known) return known
  const made = machine.evalCode(program)
  functions.set(program, made)
  return made
}

function call(machine: QuickJS, run: JSValueHandle, { scope }: SandboxJob): string {
  const text = machine.newString(scope)
  const values = machine.callFunction(run, machine.undefined, text)
  text.dispose()
  const list = values.toString()
  values.dispose()
  return list
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
  if (/out of memory/i.test(message) || error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
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
