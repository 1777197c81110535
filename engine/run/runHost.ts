import type { ProgressMessage, RunEvent, Usage } from '../../model/events.ts'
import type { Failure } from '../../model/failure.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import type { RunStatus, RunSummary } from '../../model/protocol.ts'
import type { FlowMachine } from '../compile/machine.ts'
import type { Services } from '../sdk/services.ts'
import type { Clock } from '../services/clock.ts'
import type { NewId } from '../services/ids.ts'
import type { SandboxPool } from '../services/sandbox.ts'
import type { RunStore } from '../store/runStore.ts'
import type { EngineKinds } from '../kinds.ts'
import type { FailPoint } from './failPoint.ts'

/**
 * Runs of one workspace, in this process: what the protocol and the command line are wired to. All of it is safe to
 * call at any time. Methods that take a run id throw `NodeFailure('unknown-run')` where the store has no such run.
 */
export interface RunHost {
  /** Starts a run and resolves once `run.started` is committed. The machine must come from an error-free compile. */
  startRun(request: StartRun): Promise<string>
  /** Drives an unfinished run on, or repairs a failed or cancelled one (EXECUTION.md 5.3) and drives that on. */
  resumeRun(runId: string, repair?: Repair): Promise<void>
  /**
   * Drives on every unfinished run of the store that is not driven already; gives their ids. None where the store came
   * from elsewhere: opening a stranger's folder runs nothing, a person may resume its runs one by one.
   */
  resumeRuns(): Promise<string[]>
  /** Starts a new run that reuses what `runId` had recorded up to and with `seq`. EXECUTION.md 9.4. */
  forkRun(runId: string, seq: number, change?: Repair): Promise<string>
  /** The text of the flow that the run followed at `seq`: repairs change it. */
  flowTextAt(runId: string, seq: number): string
  /** Refolds the log with no effect executed and compares every consequence with what was recorded. */
  replayRun(runId: string): Promise<ReplayReport>
  /** Resolves once `run.cancelled` is committed; running effects are aborted by then. */
  cancelRun(runId: string, reason?: string): Promise<void>
  /** Answers a node that is `unknown`. Fails as `not-unknown` where it is not. `node` may be an id or a node path. */
  resolveNode(runId: string, node: string, decision: Decision): Promise<void>
  /**
   * Resolves as soon as the run has ended, or waits for people or signals only. Rejects with `NodeFailure` where the
   * run is not driven by this host and has not ended.
   */
  settled(runId: string): Promise<RunResult>
  /** Committed events in order of commit, and progress; several runs may be mixed in one batch. */
  subscribe(listener: RunListener): () => void
  listRuns(filter?: { flow?: string; limit?: number }): RunSummary[]
  /** Events after `after` (0: all), with large values as references, and the text of the flow the run started with. */
  readRun(runId: string, after?: number): { summary: RunSummary; events: RunEvent[]; flowText: string }
  /** Bytes behind a `$blob` reference, of a value (JSON text) or of a binary. */
  readValue(hash: string): Uint8Array | undefined
  /** Stops driving without ending any run: effects are aborted, runs go on at the next `resumeRuns`. */
  close(): Promise<void>
}

export interface StartRun {
  readonly machine: FlowMachine
  /** Workspace-relative path of the flow file; names the flow in the log. */
  readonly flowPath: string
  /** The flow's canonical text, kept with the run. */
  readonly flowText: string
  /** Validated, defaults filled. */
  readonly input: JsonObject
  /** Runs this node alone, over `prev` and the last outputs of `runId`. EXECUTION.md 9.3. */
  readonly only?: { readonly node: string; readonly prev?: Json; readonly runId?: string }
  /** Node (id or path) before whose start the run stops, as `waiting`, until it is resumed. */
  readonly pauseAt?: string
  /** Whether the run may reach outside. Recorded: it holds when the run is resumed or forked, too. */
  readonly trusted?: boolean
}

/** What changes when a run is repaired or forked; without a machine the run keeps its own. */
export interface Repair {
  readonly machine?: FlowMachine
  readonly flowText?: string
  readonly cause?: string
  /**
   * With a machine, or for a fork: whether it may reach outside. Unsaid, a machine may not; without a machine the run
   * keeps what it was allowed.
   */
  readonly trusted?: boolean
}

export type Decision =
  | { readonly type: 'retry' }
  | { readonly type: 'value'; readonly output: Json; readonly port?: string }
  | { readonly type: 'fail' }

export interface RunResult {
  readonly runId: string
  readonly status: RunStatus
  /** Null where there is none. */
  readonly output: Json
  readonly error?: Failure
  readonly usage?: Usage
  readonly durationMs: number
  /** Node paths that wait for a person or signal, where the status is `waiting`. */
  readonly waitingOn?: readonly string[]
  /** Those of them before whose start the run was told to stop. */
  readonly pausedAt?: readonly string[]
}

export interface RunListener {
  events?(events: readonly RunEvent[]): void
  /** At most one message per node every 50 ms. */
  progress?(messages: readonly ProgressMessage[]): void
  /** A run began or changed its status. */
  runChanged?(run: RunSummary): void
}

export interface ReplayReport {
  readonly events: number
  /** Empty where the log is what the machine makes of the recorded results. */
  readonly differences: readonly { readonly seq: number; readonly expected: string; readonly found: string }[]
  readonly result: RunResult
}

export interface RunHostOptions {
  readonly store: RunStore
  readonly kinds: EngineKinds
  /** Services that reach outside, made once per run. Sandbox and tools are the host's own. */
  readonly services: (run: ServiceGrant) => OutsideServices
  readonly sandbox: SandboxPool
  readonly clock: Clock
  readonly ids: NewId
  /** 0 <= x < 1, for jitter. */
  readonly random: () => number
  /** Environment from which a flow's `env` names are read. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Called once when the store cannot be written any more (disk full, file lost): no run is driven from then on. */
  readonly onFatal: (error: Error) => void
  readonly failPoint?: FailPoint
  /** How long pure work may run ahead of its commit, in milliseconds; 8 where absent. */
  readonly turnBudgetMs?: number
}

export type OutsideServices = Pick<Services, 'http' | 'files' | 'shell' | 'model'>

export interface ServiceGrant {
  readonly runId: string
  /** Workspace-relative path of the flow. */
  readonly flowPath: string
  readonly trusted: boolean
}
