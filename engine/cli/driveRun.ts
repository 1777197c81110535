import { NodeFailure } from '../../model/failure.ts'
import type { RunEvent } from '../../model/events.ts'
import type { RunOutcome } from '../../model/protocol.ts'
import type { WorkspaceFolder } from '../workspace/workspaceFolder.ts'
import { openSession, type EngineSession } from './engineSession.ts'
import { exitCodes, type ExitCode } from './outcome.ts'
import type { ProgressView } from './progressView.ts'
import { formatOutput, printable, type Terminal } from './terminal.ts'

export interface DriveOptions {
  readonly terminal: Terminal
  readonly workspace: WorkspaceFolder
  readonly view: ProgressView
  /** Print every event as a line of JSON instead of the result. */
  readonly isEvents: boolean
  /** Events up to this one are not printed: a run that is gone on with has shown them already. */
  readonly after?: number
}

/**
 * Follows a run to its end, prints its result and gives the exit code. Ctrl+C cancels the run, a second one ends this
 * process; other signals that ask it to end leave the run to be gone on with. Closes the session. Should the engine die meanwhile, the run goes on in another one.
 */
export async function driveRun(session: EngineSession, runId: string, options: DriveOptions): Promise<ExitCode> {
  const follower = new RunFollower(session, runId, options)
  const stops = [onInterrupt(() => follower.cancel()), onTermination(() => follower.leave())]
  try {
    const outcome = await follower.settle()
    options.view.end()
    if (!options.isEvents) printOutcome(options.terminal, outcome)
    return exitCodeOf(outcome)
  } finally {
    for (const stop of stops) stop()
    await follower.close()
  }
}

class RunFollower {
  readonly #runId: string
  readonly #options: DriveOptions
  #session: EngineSession
  #lastSeq: number

  constructor(session: EngineSession, runId: string, options: DriveOptions) {
    this.#session = session
    this.#runId = runId
    this.#options = options
    this.#lastSeq = options.after ?? 0
    this.#listen()
  }

  async settle(): Promise<RunOutcome> {
    try {
      await this.#catchUp()
      const outcome = await this.#session.request('run.settled', { runId: this.#runId })
      await this.#catchUp()
      return outcome
    } catch (error) {
      if (!(error instanceof NodeFailure && error.code === 'engine-lost') || this.#session.isHost) throw error
      await this.#moveToOtherEngine()
      return this.settle()
    }
  }

  cancel(): void {
    this.#session.request('run.cancel', { runId: this.#runId }).catch((error: unknown) => {
      this.#options.terminal.err(
        `The run cannot be cancelled: ${error instanceof Error ? error.message : String(error)}\n`,
      )
    })
  }

  close(): Promise<void> {
    return this.#session.close()
  }

  /** Ends what runs here, without a word in the log: the run is as after a crash, but no process outlives it. */
  leave(): Promise<void> {
    return this.#session.close(true)
  }

  #listen(): void {
    this.#session.onNotification((notification) => {
      if (notification.event === 'run.events' && notification.params.runId === this.#runId)
        this.#show(notification.params.events)
    })
  }

  async #catchUp(): Promise<void> {
    const { events } = await this.#session.request('run.open', { runId: this.#runId, after: this.#lastSeq, full: true })
    this.#show(events)
  }

  /** Shows each event once, in order, whichever way it came. */
  #show(events: readonly RunEvent[]): void {
    const fresh = events.filter((event) => event.seq > this.#lastSeq)
    const last = fresh.at(-1)
    if (!last) return
    this.#lastSeq = last.seq
    if (this.#options.isEvents) this.#options.terminal.out(fresh.map((event) => `${JSON.stringify(event)}\n`).join(''))
    this.#options.view.events(fresh)
  }

  /** An engine that this command hosts goes on with this run alone; one that was started again goes on with all. */
  async #moveToOtherEngine(): Promise<void> {
    this.#session = await openSession(this.#options.workspace)
    this.#listen()
    if (this.#session.isHost) await this.#session.request('run.resume', { runId: this.#runId })
  }
}

/** Interrupts this close together are one keystroke that reached the process twice: from the terminal and from its parent. */
const oneKeystrokeMs = 200

/** The first interrupt calls back; the second ends the process at once. */
function onInterrupt(cancel: () => void): () => void {
  let first: number | undefined
  const interrupted = (): void => {
    if (first !== undefined && performance.now() - first > oneKeystrokeMs) process.exit(exitCodes.cancelled)
    if (first === undefined) cancel()
    first ??= performance.now()
  }
  process.on('SIGINT', interrupted)
  return () => process.off('SIGINT', interrupted)
}

/** Exit codes by custom: 128 and the number of the signal. */
const terminations = { SIGTERM: 143, SIGHUP: 129 } as const

function onTermination(leave: () => Promise<void>): () => void {
  const listeners = Object.entries(terminations).map(([signal, code]) => {
    // Stays: whoever else listens (execa does) takes a signal without another listener for the end of the process.
    const listener = (): void => void leave().finally(() => process.exit(code))
    process.on(signal, listener)
    return () => process.off(signal, listener)
  })
  return () => {
    for (const stop of listeners) stop()
  }
}

function printOutcome(terminal: Terminal, outcome: RunOutcome): void {
  const { runId, status, output, error, usage, durationMs } = outcome
  if (terminal.isJson)
    terminal.document({ runId, status, output, ...(error && { error }), ...(usage && { usage }), durationMs })
  else if (status === 'completed') terminal.out(`${formatOutput(output)}\n`)
  if (status === 'failed')
    terminal.err(
      `${terminal.paint('red', 'failed')} ${error?.node ?? ''} ${error?.code ?? ''}: ${printable(error?.message ?? '')}\n`,
    )
  if (status === 'cancelled') terminal.err('cancelled\n')
  if (status === 'waiting') terminal.err(waitingHelp(outcome))
}

function waitingHelp({ runId, waitingOn = [], pausedAt = [] }: RunOutcome): string {
  const unknown = waitingOn.filter((node) => !pausedAt.includes(node))
  const answers = unknown.map((node) => `  switchyard resolve ${runId} ${node} --retry | --value JSON | --fail\n`)
  const asks = unknown.length > 0 || pausedAt.length === 0 ? `The run waits for a person${places(unknown)}.\n` : ''
  const pause =
    pausedAt.length > 0 ? `The run has stopped${places(pausedAt)}.\n  switchyard runs resume ${runId}\n` : ''
  return asks + answers.join('') + pause
}

function places(nodes: readonly string[]): string {
  return nodes.length > 0 ? ` at ${nodes.join(', ')}` : ''
}

function exitCodeOf({ status }: RunOutcome): ExitCode {
  if (status === 'completed') return exitCodes.ok
  if (status === 'cancelled') return exitCodes.cancelled
  return status === 'waiting' ? exitCodes.waiting : exitCodes.failed
}
