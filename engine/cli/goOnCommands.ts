import type { Json } from '../../model/json.ts'
import { parseFlow } from '../../model/flowFile.ts'
import type { RequestParams, RequestResults } from '../../model/protocol.ts'
import { resolve } from 'node:path'
import { openWorkspace, type WorkspaceFolder } from '../workspace/workspaceFolder.ts'
import { driveRun } from './driveRun.ts'
import { openSession, type EngineSession } from './engineSession.ts'
import { flowSourceOf, readFlowArgument, type FlowArgument } from './flowArgument.ts'
import { Refusal, refusal, Untrusted, type ExitCode } from './outcome.ts'
import { createProgressView } from './progressView.ts'
import { labelsOf } from './runCommand.ts'
import type { Terminal } from './terminal.ts'

export interface ResumeArguments {
  readonly runId: string
  /** The flow as repaired; without it the run goes on with the flow it began with. */
  readonly flow?: string
  readonly trust: boolean
  readonly isEvents: boolean
}

/** `switchyard runs resume R`: drives an unfinished run on, or repairs a failed one and drives on from there. */
export async function resumeRun(terminal: Terminal, folder: string, args: ResumeArguments): Promise<ExitCode> {
  const { runId, trust, isEvents } = args
  const given = args.flow === undefined ? undefined : await readFlowArgument(args.flow)
  return driveAfter(terminal, folder, { runId, isEvents }, async ({ session, workspace, before }) => {
    const argument = given ?? (before && (await changedFlow(workspace, before)))
    const flow = argument && flowSourceOf(argument, workspace)
    const resumed = await session.request('run.resume', { runId, trust, ...(flow && { flow }) })
    if ('diagnostics' in resumed)
      throw new Refusal(resumed.diagnostics.map((each) => ({ ...each, file: argument?.shown ?? '' })))
    if ('untrusted' in resumed) throw new Untrusted(argument?.shown ?? '', resumed.untrusted)
    return runId
  })
}

/** `switchyard runs fork R --at SEQ`: a new run that reuses everything up to that event. */
export async function forkRun(
  terminal: Terminal,
  folder: string,
  args: { readonly runId: string; readonly seq: number; readonly trust: boolean; readonly isEvents: boolean },
): Promise<ExitCode> {
  const { runId, seq, trust, isEvents } = args
  return driveAfter(terminal, folder, { isEvents }, async ({ session }) => {
    const forked = await session.request('run.fork', { runId, seq, trust })
    if ('diagnostics' in forked) throw new Refusal(forked.diagnostics)
    if ('untrusted' in forked) throw new Untrusted(`The flow of run ${runId}`, forked.untrusted)
    return forked.runId
  })
}

export type ResolveDecision = RequestParams<'run.resolve'>['decision']

/** `switchyard resolve R N`: answers a node whose effect is unknown, then drives the run on. */
export async function resolveNode(
  terminal: Terminal,
  folder: string,
  answer: {
    readonly runId: string
    readonly node: string
    readonly decision: ResolveDecision
    readonly isEvents: boolean
  },
): Promise<ExitCode> {
  const { runId, node, decision, isEvents } = answer
  return driveAfter(terminal, folder, { runId, isEvents }, async ({ session }) => {
    await session.request('run.resolve', { runId, node, decision })
    return runId
  })
}

/**
 * A JSON value from the command line; a plain word stands for itself. What begins as JSON and does not parse is a slip
 * of the keyboard, and an answer cannot be taken back.
 */
export function parseValue(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    if (/^\s*(?:[[{"]|$)/.test(text)) throw refusal('bad-usage', `--value takes JSON, which "${text}" is not.`)
    return text
  }
}

/** The flow file of a run that ended badly, where it was changed since: that is the repair. */
async function changedFlow(
  workspace: WorkspaceFolder,
  { summary, flowText }: OpenedRun,
): Promise<FlowArgument | undefined> {
  if (summary.status !== 'failed' && summary.status !== 'cancelled') return undefined
  const file = resolve(workspace.root, summary.flow)
  const found = await readFlowArgument(file).catch((error: unknown) => {
    if (error instanceof Refusal) return undefined // moved or removed: the run goes on with the flow it has
    throw error
  })
  return found && found.text !== flowText ? { ...found, shown: summary.flow } : undefined
}

type OpenedRun = RequestResults['run.open']

interface Beginning {
  readonly session: EngineSession
  readonly workspace: WorkspaceFolder
  /** The run as it stands; absent for a run that is yet to be made. */
  readonly before: OpenedRun | undefined
}

/** Begins something in an engine and follows the run that comes of it. Events it had before are not shown again. */
async function driveAfter(
  terminal: Terminal,
  folder: string,
  { runId, isEvents }: { runId?: string; isEvents: boolean },
  begin: (beginning: Beginning) => Promise<string>,
): Promise<ExitCode> {
  const workspace = await openWorkspace(folder)
  const session = await openSession(workspace)
  const { driven, before } = await prepare(session, runId, (opened) => begin({ session, workspace, before: opened }))
  const flow = before && parseFlow(before.flowText, before.summary.flow).flow
  const view = createProgressView(terminal, flow ? labelsOf(flow) : () => undefined)
  return driveRun(session, driven, { terminal, workspace, view, isEvents, after: before?.events.at(-1)?.seq ?? 0 })
}

/** Closes the session where the beginning fails; from then on it is the driver's. */
async function prepare(
  session: EngineSession,
  runId: string | undefined,
  begin: (before: OpenedRun | undefined) => Promise<string>,
): Promise<{ driven: string; before: OpenedRun | undefined }> {
  try {
    const before = runId === undefined ? undefined : await session.request('run.open', { runId, full: true })
    return { driven: await begin(before), before }
  } catch (error) {
    await session.close()
    throw error
  }
}
