import type { EngineApi } from './engineApi.ts'
import type { EngineParts } from './engineParts.ts'
import { exportFlow } from './exportFlow.ts'
import { flowText } from './flowSource.ts'
import { loadFlow } from './loadFlow.ts'
import { previewExpression } from './expressionPreview.ts'
import { flowNeeds } from '../trust/flowNeeds.ts'
import { parseFlow } from '../../model/flowFile.ts'

type FlowRequests = Pick<EngineApi, 'flow.check' | 'flow.compile' | 'expression.preview' | 'trust.get' | 'trust.grant'>

/** Questions about a flow. None of them runs any part of it, `expression.preview` excepted, which runs one template. */
export function flowRequests(parts: EngineParts): FlowRequests {
  return {
    'flow.check': async ({ flow, revision }) => {
      const text = await flowText(parts, flow)
      return { revision, diagnostics: loadFlow(text, parts.kinds, flow.path).diagnostics }
    },
    'flow.compile': async ({ flow, format }) => exportFlow(await flowText(parts, flow), parts.kinds, flow.path, format),
    'expression.preview': async (params) => previewExpression(parts, params),
    'trust.get': async ({ flow }) => {
      const text = await flowText(parts, flow)
      const parsed = parseFlow(text, flow.path).flow
      const needs = parsed ? flowNeeds(parsed, parts.kinds) : { services: [], env: [] }
      return { trusted: await parts.trust.isTrusted(flow.path, text), ...needs }
    },
    'trust.grant': async ({ flow }) => {
      await parts.trust.grant(flow.path, await flowText(parts, flow))
      return {}
    },
  }
}
