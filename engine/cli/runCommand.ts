import { parseFlow } from '../../model/flowFile.ts'
import type { Flow } from '../../model/document.ts'
import { openWorkspace } from '../workspace/workspaceFolder.ts'
import { driveRun } from './driveRun.ts'
import { openSession } from './engineSession.ts'
import { flowSourceOf, readFlowArgument } from './flowArgument.ts'
import { readInput } from './inputArguments.ts'
import { Refusal, Untrusted, type ExitCode } from './outcome.ts'
import { createProgressView, silentView, type LabelOf } from './progressView.ts'
import type { Terminal } from './terminal.ts'

export interface RunArguments {
  readonly flow: string
  readonly workspace: string
  readonly input: readonly string[]
  readonly inputFile?: string
  readonly events?: boolean
  readonly trust?: boolean
  readonly quiet?: boolean
  /** Node before whose start the run stops. */
  readonly pauseAt?: string
}

/** `switchyard run`: starts a run and follows it to its end. */
export async function runCommand(terminal: Terminal, args: RunArguments): Promise<ExitCode> {
  const workspace = await openWorkspace(args.workspace)
  const argument = await readFlowArgument(args.flow)
  const { flow, diagnostics } = parseFlow(argument.text, argument.shown)
  if (!flow) throw new Refusal(diagnostics)
  const input = await readInput(args.input, args.inputFile, flow.inputs)
  const session = await openSession(workspace)
  const started = await session
    .request('run.start', {
      flow: flowSourceOf(argument, workspace),
      input,
      trust: args.trust === true,
      ...(args.pauseAt !== undefined && { pauseAt: args.pauseAt }),
    })
    .catch(async (error: unknown) => {
      await session.close()
      throw error
    })
  if ('runId' in started) {
    const view = args.quiet === true ? silentView : createProgressView(terminal, labelsOf(flow))
    return driveRun(session, started.runId, { terminal, workspace, view, isEvents: args.events === true })
  }
  await session.close()
  if ('diagnostics' in started)
    throw new Refusal(started.diagnostics.map((each) => ({ ...each, file: argument.shown })))
  throw new Untrusted(argument.shown, started.untrusted)
}

/** Labels by node path: the last part of a path is the node's id, perhaps with an item's number. */
export function labelsOf(flow: Flow): LabelOf {
  return (path) => {
    const id = (path.split('/').at(-1) ?? path).replace(/\[\d+\]$/, '')
    return Object.hasOwn(flow.nodes, id) ? flow.nodes[id]?.label : undefined
  }
}
