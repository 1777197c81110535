import { diagnostic, type Diagnostic } from '../../model/diagnostics.ts'
import type { Flow } from '../../model/document.ts'
import type { RequestParams, RequestResults, RunOutcome } from '../../model/protocol.ts'
import type { FlowMachine } from '../compile/machine.ts'
import type { RunResult } from '../run/runHost.ts'
import { flowNeeds, isHarmless } from '../trust/flowNeeds.ts'
import type { EngineApi } from './engineApi.ts'
import type { EngineParts } from './engineParts.ts'
import { flowText, isTrustedSource, type FlowSource } from './flowSource.ts'
import { loadFlow } from './loadFlow.ts'
import { prepareInput } from './runInput.ts'

type RunRequests = Pick<
  EngineApi,
  | 'run.start'
  | 'run.cancel'
  | 'run.resume'
  | 'run.resolve'
  | 'run.fork'
  | 'run.replay'
  | 'run.settled'
  | 'run.list'
  | 'run.open'
  | 'run.close'
  | 'value.read'
>

/** Runs: started, watched, answered. */
export function runRequests(parts: EngineParts): RunRequests {
  return {
    'run.start': (params) => startRun(parts, params),
    'run.cancel': async ({ runId }) => {
      await (await parts.runs()).cancelRun(runId)
      return {}
    },
    'run.resume': (params) => resumeRun(parts, params),
    'run.resolve': async ({ runId, node, decision }) => {
      const { type } = decision
      const answer =
        type === 'value'
          ? { type, output: decision.output, ...(decision.port !== undefined && { port: decision.port }) }
          : { type }
      await (await parts.runs()).resolveNode(runId, node, answer)
      return {}
    },
    'run.fork': (params) => forkRun(parts, params),
    'run.replay': async ({ runId }) => {
      const report = await (await parts.runs()).replayRun(runId)
      return {
        events: report.events,
        differences: report.differences.map((each) => ({ ...each })),
        result: toOutcome(report.result),
      }
    },
    'run.settled': async ({ runId }) => toOutcome(await (await parts.runs()).settled(runId)),
    'run.list': async ({ flow, limit }) => ({
      runs: (await parts.runs()).listRuns({
        ...(flow !== undefined && { flow }),
        ...(limit !== undefined && { limit }),
      }),
    }),
    'run.open': async ({ runId, after = 0, full = false }, client) => {
      const { summary, events, flowText } = (await parts.runs()).readRun(runId, after)
      client.openRun(runId, events.at(-1)?.seq ?? after, full)
      return { summary, events: full ? events : events.map(parts.views.preview), flowText }
    },
    'run.close': async ({ runId }, client) => {
      client.closeRun(runId)
      return {}
    },
    'value.read': async ({ hash, offset = 0, length }) => {
      const text = parts.views.read(await parts.runs(), hash)
      return { text: text.slice(offset, length === undefined ? undefined : offset + length), size: text.length }
    },
  }
}

/** A flow that may run: without errors, and trusted as far as it reaches outside. */
type AllowedFlow = {
  readonly text: string
  readonly flow: Flow
  readonly machine: FlowMachine
  readonly trusted: boolean
}
type Refused = { diagnostics: Diagnostic[] } | { untrusted: { services: string[]; env: string[] } }

/** Refuses a flow with errors, then one that is not trusted. `check` may refuse in between. Nothing runs before. */
async function allowFlow(
  parts: EngineParts,
  source: FlowSource,
  trust: boolean,
  check: (flow: Flow) => Promise<Diagnostic[]> = async () => [],
): Promise<AllowedFlow | Refused> {
  const text = await flowText(parts, source)
  const { flow, machine, diagnostics } = loadFlow(text, parts.kinds, source.path)
  if (!flow || !machine) return { diagnostics }
  const problems = await check(flow)
  if (problems.length > 0) return { diagnostics: problems }
  const needs = flowNeeds(flow, parts.kinds)
  const trusted = trust || (await isTrustedSource(parts, source, text))
  if (!trusted && !isHarmless(needs)) return { untrusted: { services: [...needs.services], env: needs.env } }
  return { text, flow, machine, trusted }
}

async function startRun(parts: EngineParts, params: RequestParams<'run.start'>): Promise<RequestResults['run.start']> {
  const { flow: source, only, pauseAt, trust = false } = params
  let input = params.input
  const allowed = await allowFlow(parts, source, trust, async (flow) => {
    const prepared = await prepareInput(flow.inputs, params.input, source.path)
    if ('input' in prepared) input = prepared.input
    // A node run alone needs no complete input: what is missing is found by its expressions, if they read it.
    if ('diagnostics' in prepared && !only) return prepared.diagnostics
    return pauseAt === undefined ? [] : unknownPause(pauseAt, flow, source.path)
  })
  if (!('machine' in allowed)) return allowed
  const { machine, text, trusted } = allowed
  const runs = await parts.runs()
  const runId = await runs.startRun({
    machine,
    flowPath: source.path,
    flowText: text,
    input,
    trusted,
    ...(pauseAt !== undefined && { pauseAt }),
    ...(only && {
      only: {
        node: only.node,
        ...(only.prev !== undefined && { prev: only.prev }),
        ...(only.runId !== undefined && { runId: only.runId }),
      },
    }),
  })
  return { runId }
}

function unknownPause(pauseAt: string, { nodes }: Flow, file: string): Diagnostic[] {
  const id = pauseAt.slice(pauseAt.lastIndexOf('/') + 1).replace(/\[\d+\]$/, '')
  if (Object.hasOwn(nodes, id)) return []
  return [diagnostic('unknown-node', `The run cannot stop before "${pauseAt}": the flow has no such node.`, { file })]
}

/** Without another flow the run keeps the machine it is pinned to, and what it was allowed when it started. */
async function resumeRun(
  parts: EngineParts,
  params: RequestParams<'run.resume'>,
): Promise<RequestResults['run.resume']> {
  const { runId, flow: source, trust = false } = params
  const runs = await parts.runs()
  if (!source) {
    await runs.resumeRun(runId)
    return {}
  }
  const allowed = await allowFlow(parts, source, trust)
  if (!('machine' in allowed)) return allowed
  await runs.resumeRun(runId, { machine: allowed.machine, flowText: allowed.text, trusted: allowed.trusted })
  return {}
}

/** A fork is a run of its own: that its origin was trusted for once does not let it reach outside. */
async function forkRun(parts: EngineParts, params: RequestParams<'run.fork'>): Promise<RequestResults['run.fork']> {
  const { runId, seq, trust = false } = params
  const runs = await parts.runs()
  const path = runs.readRun(runId, seq).summary.flow
  const text = runs.flowTextAt(runId, seq)
  const trusted = trust || (await parts.trust.isTrusted(path, text))
  if (!trusted) {
    const { flow, diagnostics } = loadFlow(text, parts.kinds, path)
    if (!flow) return { diagnostics }
    const needs = flowNeeds(flow, parts.kinds)
    if (!isHarmless(needs)) return { untrusted: { services: [...needs.services], env: needs.env } }
  }
  return { runId: await runs.forkRun(runId, seq, { trusted }) }
}

function toOutcome(result: RunResult): RunOutcome {
  const { error, usage, waitingOn, pausedAt } = result
  return {
    runId: result.runId,
    status: result.status,
    output: result.output,
    ...(error && {
      error: { code: error.code, message: error.message, ...(error.node !== undefined && { node: error.node }) },
    }),
    ...(usage && { usage }),
    durationMs: result.durationMs,
    ...(waitingOn && { waitingOn: [...waitingOn] }),
    ...(pausedAt && { pausedAt: [...pausedAt] }),
  }
}
