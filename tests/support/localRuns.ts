import { compile } from '../../engine/compile/compile.ts'
import type { FlowMachine } from '../../engine/compile/machine.ts'
import { loadKinds, type EngineKinds } from '../../engine/kinds.ts'
import { createRunHost } from '../../engine/run/createRunHost.ts'
import type { OutsideServices, RunHost, RunResult } from '../../engine/run/runHost.ts'
import { systemClock, type Clock } from '../../engine/services/clock.ts'
import { createIds } from '../../engine/services/ids.ts'
import { createOutsideServices, type OutsideServicesMaker } from '../../engine/services/outsideServices.ts'
import { createSandbox } from '../../engine/services/sandbox.ts'
import { readSecretsFrom } from '../../engine/services/secretReader.ts'
import { RunStore } from '../../engine/store/runStore.ts'
import type { RunEvent } from '../../model/events.ts'
import { parseFlow } from '../../model/flowFile.ts'
import type { JsonObject } from '../../model/json.ts'
import type { NodeSpec } from '../../model/nodeSpec.ts'
import { settingsSchema } from '../../model/protocol.ts'
import { flowText } from './runFlow.ts'
import { tempFolder, type TempFolder } from './tempFolder.ts'

/** A host over a real store and real services in a folder of its own; runs flows in this process. */
export interface LocalRuns extends AsyncDisposable {
  readonly folder: TempFolder
  readonly host: RunHost
  readonly store: RunStore
  /** Compiles a flow; throws where it has errors. */
  compile(nodes: JsonObject, edges: readonly string[], more?: JsonObject): { machine: FlowMachine; text: string }
  /** Starts a flow and gives its id. */
  start(nodes: JsonObject, edges: readonly string[], options?: StartOptions): Promise<string>
  /** Runs a flow to its end. */
  run(nodes: JsonObject, edges: readonly string[], options?: StartOptions): Promise<RunResult & { events: RunEvent[] }>
  /** Drops the host without ending its runs and opens another one over the same store. */
  reopen(): Promise<RunHost>
  /** Takes what the host calls when its store cannot be written; without it that is an error of the test. */
  onFatal(callback: (error: Error) => void): void
}

export interface StartOptions {
  readonly input?: JsonObject
  readonly more?: JsonObject
  readonly only?: { node: string; prev?: JsonObject; runId?: string }
}

export interface LocalRunsOptions {
  readonly clock?: Clock
  readonly env?: Readonly<Record<string, string>>
  /** Stands in for a service. */
  readonly services?: Partial<OutsideServices>
  readonly random?: () => number
  /** Kinds besides the installed ones, without executors. */
  readonly specs?: readonly NodeSpec[]
}

export async function openLocalRuns(options: LocalRunsOptions = {}): Promise<LocalRuns> {
  const folder = await tempFolder()
  const runs = new Local(folder, options)
  return runs
}

class Local implements LocalRuns {
  readonly folder: TempFolder
  readonly #options: LocalRunsOptions
  readonly #kinds: EngineKinds
  #outside: OutsideServicesMaker | undefined
  #onFatal = (error: Error): void => {
    throw error
  }
  store: RunStore
  host: RunHost

  constructor(folder: TempFolder, options: LocalRunsOptions) {
    this.folder = folder
    this.#options = options
    const installed = loadKinds()
    this.#kinds = {
      ...installed,
      specs: new Map([...installed.specs, ...(options.specs ?? []).map((spec) => [spec.kind, spec] as const)]),
    }
    this.store = new RunStore(folder.at('.switchyard'))
    this.host = this.#open()
  }

  compile(nodes: JsonObject, edges: readonly string[], more: JsonObject = {}): { machine: FlowMachine; text: string } {
    const text = flowText(nodes, edges, more)
    const { flow, diagnostics } = parseFlow(text, 'case.flow.json')
    const compiled = flow && compile(flow, this.#kinds.specs, 'case.flow.json')
    if (!compiled?.machine) throw new Error(JSON.stringify([...diagnostics, ...(compiled?.diagnostics ?? [])]))
    return { machine: compiled.machine, text }
  }

  start(nodes: JsonObject, edges: readonly string[], options: StartOptions = {}): Promise<string> {
    const { machine, text } = this.compile(nodes, edges, options.more)
    const { only, input = {} } = options
    return this.host.startRun({
      machine,
      flowPath: 'case.flow.json',
      flowText: text,
      input,
      trusted: true,
      ...(only && { only }),
    })
  }

  async run(
    nodes: JsonObject,
    edges: readonly string[],
    options: StartOptions = {},
  ): Promise<RunResult & { events: RunEvent[] }> {
    const runId = await this.start(nodes, edges, options)
    const result = await this.host.settled(runId)
    return { ...result, events: this.host.readRun(runId).events }
  }

  onFatal(callback: (error: Error) => void): void {
    this.#onFatal = callback
  }

  async reopen(): Promise<RunHost> {
    await this.#close()
    this.store = new RunStore(this.folder.at('.switchyard'))
    this.host = this.#open()
    return this.host
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close()
    await this.folder.remove()
  }

  async #close(): Promise<void> {
    await this.host.close()
    this.store.close()
    await this.#outside?.close()
  }

  #open(): RunHost {
    const { clock = systemClock, env = {}, random = Math.random } = this.#options
    const outside = createOutsideServices({
      workspace: this.folder.path,
      settings: () => Promise.resolve(settingsSchema.parse({})),
      secrets: readSecretsFrom({ get: () => Promise.resolve(undefined) }),
      blobs: this.store,
      environment: { PATH: process.env['PATH'], ...env },
    })
    this.#outside = outside
    return createRunHost({
      store: this.store,
      kinds: this.#kinds,
      services: (run) => ({ ...outside.forRun(run), ...this.#options.services }),
      sandbox: createSandbox(),
      clock,
      ids: createIds(),
      random,
      environment: env,
      // What is committed together must not depend on how busy the machine is.
      turnBudgetMs: Infinity,
      onFatal: (error) => this.#onFatal(error),
    })
  }
}
