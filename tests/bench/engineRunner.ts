import { hasErrors } from '../../model/diagnostics.ts'
import type { Flow } from '../../model/document.ts'
import { parseFlow } from '../../model/flowFile.ts'
import type { Json } from '../../model/json.ts'
import { compile } from '../../engine/compile/compile.ts'
import type { FlowMachine } from '../../engine/compile/machine.ts'
import { loadKinds } from '../../engine/kinds.ts'
import { createRunHost } from '../../engine/run/createRunHost.ts'
import type { OutsideServices, RunHost } from '../../engine/run/runHost.ts'
import { systemClock } from '../../engine/services/clock.ts'
import { createIds } from '../../engine/services/ids.ts'
import type { SandboxPool } from '../../engine/services/sandbox.ts'
import { RunStore } from '../../engine/store/runStore.ts'
import type { BenchFlow } from './flows.ts'

/** The engine as the product wires it, journal on, with services that no measured flow may touch. */
export interface EngineRunner {
  compile(flow: BenchFlow): CompiledFlow
  /** Starts a run; resolves once `run.started` is committed. */
  begin(compiled: CompiledFlow): Promise<string>
  /** Executes once, from start to committed end, and checks the result. */
  run(compiled: CompiledFlow): Promise<void>
  settle(compiled: CompiledFlow, runId: string): Promise<void>
  close(): Promise<void>
}

export interface CompiledFlow {
  readonly flow: BenchFlow
  readonly document: Flow
  readonly machine: FlowMachine
  /** Milliseconds that `compile` took, parsing not included. */
  readonly compileMs: number
}

export function openEngine(folder: string): EngineRunner {
  const kinds = loadKinds()
  const store = new RunStore(folder)
  const host = createRunHost({
    store,
    kinds,
    services: () => noServices(),
    sandbox: noSandbox,
    clock: systemClock,
    ids: createIds(),
    random: Math.random,
    environment: {},
    onFatal: (error) => {
      throw error
    },
  })
  return {
    compile: (flow) => compileOnce(flow, (document) => compile(document, kinds.specs, 'bench.flow.json')),
    begin: (compiled) => begin(host, compiled),
    run: async (compiled) => settle(host, compiled, await begin(host, compiled)),
    settle: (compiled, runId) => settle(host, compiled, runId),
    close: async () => {
      await host.close()
      store.close()
    },
  }
}

function compileOnce(flow: BenchFlow, compileFlow: (document: Flow) => ReturnType<typeof compile>): CompiledFlow {
  const { flow: document } = parseFlow(flow.text, 'bench.flow.json')
  if (!document) throw new Error('A measured flow does not parse.')
  const started = performance.now()
  const { machine, diagnostics } = compileFlow(document)
  const compileMs = performance.now() - started
  if (!machine || hasErrors(diagnostics))
    throw new Error(`A measured flow does not compile: ${JSON.stringify(diagnostics.slice(0, 3))}`)
  return { flow, document, machine, compileMs }
}

function begin(host: RunHost, { flow, machine }: CompiledFlow): Promise<string> {
  return host.startRun({ machine, flowPath: 'bench.flow.json', flowText: flow.text, input: flow.input, trusted: true })
}

async function settle(host: RunHost, { flow }: CompiledFlow, runId: string): Promise<void> {
  const result = await host.settled(runId)
  if (result.status !== 'completed' || !same(result.output, flow.expected)) {
    throw new Error(
      `A measured run ended as ${result.status}: ${JSON.stringify(result.error ?? result.output).slice(0, 300)}`,
    )
  }
}

function same(output: Json, expected: string): boolean {
  return JSON.stringify(output) === expected
}

const unused = (): never => {
  throw new Error('A measured flow asked for a service.')
}

function noServices(): OutsideServices {
  return {
    http: { request: unused },
    files: { read: unused, write: unused, list: unused, toBlob: unused, fromBlob: unused },
    shell: { run: unused },
    model: { chat: unused },
  }
}

/** Plain paths never reach the sandbox, so its workers are not even loaded. */
const noSandbox: SandboxPool = { evaluate: unused, run: unused, close: () => Promise.resolve() }
