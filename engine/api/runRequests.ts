import type { JsonObject } from '../../model/json.ts'
import type { RequestParams, RequestResults, RunOutcome } from '../../model/protocol.ts'
import type { RunResult } from '../run/runHost.ts'
import { flowNeeds, isHarmless } from '../trust/flowNeeds.ts'
import type { EngineApi } from './engineApi.ts'
import type { EngineParts } from './engineParts.ts'
import { flowText, isTrustedSource } from './flowSource.ts'
import { loadFlow, type LoadedFlow } from './loadFlow.ts'
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
    'run.resume': async ({ runId }) => {
      await (await parts.runs()).resumeRun(runId)
      return {}
    },
    'run.resolve': async ({ runId, node, decision }) => {
      const { type } = decision
      const answer =
        type === 'value'
          ? { type, output: decision.output, ...(decision.port !== undefined && { port: decision.port }) }
          : { type }
      await (await parts.runs()).resolveNode(runId, node, answer)
      return {}
    },
    'run.fork': async ({ runId, seq }) => ({ runId: await (await parts.runs()).forkRun(runId, seq) }),
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

/** Refuses, in this order: a flow with errors, input that does not fit, a flow that is not trusted. Nothing runs before. */
async function startRun(parts: EngineParts, params: RequestParams<'run.start'>): Promise<RequestResults['run.start']> {
  const text = await flowText(parts, params.flow)
  const { flow, machine, diagnostics } = loadFlow(text, parts.kinds, params.flow.path)
  if (!flow || !machine) return { diagnostics }
  const prepared = await inputOf(flow, params)
  if ('diagnostics' in prepared) return prepared
  const needs = flowNeeds(flow, parts.kinds)
  const trusted = params.trust === true || (await isTrustedSource(parts, params.flow, text))
  if (!trusted && !isHarmless(needs)) return { untrusted: { services: [...needs.services], env: needs.env } }
  const runs = await parts.runs()
  const { only } = params
  const runId = await runs.startRun({
    machine,
    flowPath: params.flow.path,
    flowText: text,
    input: prepared.input,
    trusted,
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

/** A node run alone needs no complete input: what is missing is found by its expressions, if they read it. */
async function inputOf(flow: NonNullable<LoadedFlow['flow']>, params: RequestParams<'run.start'>) {
  const given: JsonObject = params.input
  const prepared = await prepareInput(flow.inputs, given, params.flow.path)
  return params.only && 'diagnostics' in prepared ? { input: given } : prepared
}

function toOutcome(result: RunResult): RunOutcome {
  const { error, usage, waitingOn } = result
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
  }
}
