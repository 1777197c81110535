import { OpenAI } from 'openai'
import { fetch as undiciFetch } from 'undici'
import type { Usage } from '../../model/events.ts'
import { NodeFailure } from '../../model/failure.ts'
import type { Settings } from '../../model/protocol.ts'
import type { Progress } from '../sdk/executor.ts'
import type { ChatAnswer, ChatMessage, ModelService } from '../sdk/services.ts'
import { AnswerSchema } from './answerSchema.ts'
import type { RawAnswer } from './chatStream.ts'
import { type HttpConnections, withoutProxyOnThisMachine } from './httpConnections.ts'
import { ModelConversation } from './modelConversation.ts'
import { findEndpoint, type ModelEndpoint } from './modelEndpoint.ts'
import type { SecretReader } from './secretReader.ts'

export interface ModelServiceOptions {
  readonly connections: HttpConnections
  readonly settings: () => Promise<Settings>
  readonly secrets: SecretReader
  /** Where OPENAI_API_KEY and OPENAI_BASE_URL are looked for. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** How long an answer may pause, milliseconds; {@link defaultStall} where absent. */
  readonly stallMs?: number
}

/** Local models may read a long prompt for minutes before their first word. */
export const defaultStall = 300_000

/** Any OpenAI-compatible endpoint, by the official client. Repeating failed requests is the node's policy, not the client's. */
export function createModelService(options: ModelServiceOptions): ModelService {
  return {
    async chat(request, signal, progress) {
      signal.throwIfAborted()
      const schema = request.schema === undefined ? undefined : new AnswerSchema(request.schema)
      const endpoint = await findEndpoint(request.model, {
        ...options,
        listModels: (found) => listModels(found, options),
      })
      const talk = new ModelConversation(endpoint, await openClient(endpoint, options), options.stallMs ?? defaultStall)
      const first = await talk.ask(request, schema, { signal, progress })
      if (schema === undefined || first.toolCalls.length > 0) return finished(first)
      return checked(first, schema, progress, (again) =>
        talk.ask({ ...request, messages: [...request.messages, ...again] }, schema, { signal, progress }),
      )
    },
  }
}

/** Checks an answer by its schema; one that does not fit is sent back once, with what is wrong. */
async function checked(
  first: RawAnswer,
  schema: AnswerSchema,
  progress: Progress,
  ask: (more: ChatMessage[]) => Promise<RawAnswer>,
): Promise<ChatAnswer> {
  const result = schema.check(first.text)
  if ('object' in result) return { ...finished(first), object: result.object }
  progress.status('the answer did not fit its schema; asking again')
  const second = await ask([
    { role: 'assistant', content: first.text },
    {
      role: 'user',
      content: `Your answer does not fit the JSON Schema: ${result.problem}. Answer again, with JSON that fits and nothing else.`,
    },
  ])
  const repaired = schema.check(second.text)
  const usage = addUsage(first.usage, second.usage)
  if ('object' in repaired) return { ...finished(second), object: repaired.object, usage }
  const why = second.finishReason === 'length' ? 'it was cut at the longest answer allowed' : repaired.problem
  throw new NodeFailure(
    'model-bad-answer',
    `The model’s answer does not fit the schema, also when asked again: ${why}.`,
    {
      retryable: true,
      details: { text: second.text.slice(0, 4000), usage: { ...usage } },
    },
  )
}

function finished({ text, toolCalls, usage, model, finishReason }: RawAnswer): ChatAnswer {
  return { text, toolCalls, usage, model, finishReason }
}

function addUsage(a: Usage, b: Usage): Usage {
  const sum = { inputTokens: a.inputTokens + b.inputTokens, outputTokens: a.outputTokens + b.outputTokens }
  return a.cost === undefined && b.cost === undefined ? sum : { ...sum, cost: (a.cost ?? 0) + (b.cost ?? 0) }
}

async function openClient(endpoint: ModelEndpoint, { connections, settings }: ModelServiceOptions): Promise<OpenAI> {
  const { proxy, caFile } = await settings()
  // The endpoint is the workspace's own choice, so it may lie on this machine or in a private network.
  const rules = {
    allowPrivateNetwork: true,
    ...(proxy === undefined ? {} : { proxy }),
    ...(caFile === undefined ? {} : { caFile }),
  }
  const dispatcher = await connections.dispatcherFor(
    withoutProxyOnThisMachine(rules, new URL(endpoint.baseURL).hostname),
  )
  return new OpenAI({
    apiKey: endpoint.key ?? 'none',
    baseURL: endpoint.baseURL,
    organization: null,
    project: null,
    maxRetries: 0,
    logLevel: 'off',
    fetch: undiciFetch as unknown as typeof fetch,
    fetchOptions: { dispatcher },
  })
}

async function listModels(endpoint: ModelEndpoint, options: ModelServiceOptions): Promise<string[]> {
  const client = await openClient(endpoint, options)
  const page = await client.models.list({ timeout: 3000 })
  return page.data.map(({ id }) => id)
}
