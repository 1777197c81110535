import { OpenAI } from 'openai'
import type { ChatCompletion, ChatCompletionCreateParamsStreaming, ChatCompletionMessageParam } from 'openai/resources/chat/completions'
import { fetch as undiciFetch } from 'undici'
import type { Usage } from '../../model/events.ts'
import { NodeFailure } from '../../model/failure.ts'
import type { Settings } from '../../model/protocol.ts'
import type { Progress } from '../sdk/executor.ts'
import type { ChatAnswer, ChatMessage, ChatRequest, ModelService } from '../sdk/services.ts'
import { AnswerSchema } from './answerSchema.ts'
import { AnswerBuilder, answerOf, type RawAnswer } from './chatStream.ts'
import { type HttpConnections, withoutProxyOnThisMachine } from './httpConnections.ts'
import { findEndpoint, type ModelEndpoint } from './modelEndpoint.ts'
import { cutFailure, modelFailure, stalledFailure } from './modelFailure.ts'
import { Redactor } from './redactor.ts'
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
      const endpoint = await findEndpoint(request.model, { ...options, listModels: (found) => listModels(found, options) })
      const talk = new Conversation(endpoint, await openClient(endpoint, options), options.stallMs ?? defaultStall)
      const first = await talk.ask(request, schema, signal, progress)
      if (schema === undefined || first.toolCalls.length > 0) return finished(first)
      return checked(talk, request, schema, first, signal, progress)
    },
  }
}

/** Checks an answer by its schema; one that does not fit is sent back once, with what is wrong. */
async function checked(talk: Conversation, request: ChatRequest, schema: AnswerSchema, first: RawAnswer, signal: AbortSignal, progress: Progress): Promise<ChatAnswer> {
  const result = schema.check(first.text)
  if ('object' in result) return { ...finished(first), object: result.object }
  progress.status('the answer did not fit its schema; asking again')
  const again: ChatMessage[] = [
    ...request.messages,
    { role: 'assistant', content: first.text },
    { role: 'user', content: `Your answer does not fit the JSON Schema: ${result.problem}. Answer again, with JSON that fits and nothing else.` },
  ]
  const second = await talk.ask({ ...request, messages: again }, schema, signal, progress)
  const repaired = schema.check(second.text)
  const usage = addUsage(first.usage, second.usage)
  if ('object' in repaired) return { ...finished(second), object: repaired.object, usage }
  const why = second.finishReason === 'length' ? 'it was cut at the longest answer allowed' : repaired.problem
  throw new NodeFailure('model-bad-answer', `The model’s answer does not fit the schema, also when asked again: ${why}.`, {
    retryable: true,
    details: { text: second.text.slice(0, 4000), usage: { ...usage } },
  })
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
  const rules = { allowPrivateNetwork: true, ...(proxy === undefined ? {} : { proxy }), ...(caFile === undefined ? {} : { caFile }) }
  const dispatcher = await connections.dispatcherFor(withoutProxyOnThisMachine(rules, new URL(endpoint.baseURL).hostname))
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

/** Features that some servers do not know; a request they refuse is sent again without. */
interface Features {
  usage: boolean
  schema: boolean
}

/** Requests to one model. What its server turned out not to support is remembered. */
class Conversation {
  readonly #endpoint: ModelEndpoint
  readonly #client: OpenAI
  readonly #stallMs: number
  readonly #redactor = new Redactor()
  readonly #features: Features = { usage: true, schema: true }

  constructor(endpoint: ModelEndpoint, client: OpenAI, stallMs: number) {
    this.#endpoint = endpoint
    this.#client = client
    this.#stallMs = stallMs
    if (endpoint.key !== undefined) this.#redactor.add(endpoint.provider, endpoint.key)
  }

  async ask(request: ChatRequest, schema: AnswerSchema | undefined, signal: AbortSignal, progress: Progress): Promise<RawAnswer> {
    try {
      const answer = await this.#send(paramsOf(request, this.#endpoint, schema, this.#features), signal, progress)
      return this.#accepted(answer)
    } catch (error) {
      signal.throwIfAborted()
      const failure = modelFailure(error, this.#endpoint, this.#redactor)
      if (failure instanceof NodeFailure && this.#dropFeature(failure, schema)) return this.ask(request, schema, signal, progress)
      throw failure
    }
  }

  #dropFeature({ code, message }: NodeFailure, schema: AnswerSchema | undefined): boolean {
    if (code !== 'model-bad-request') return false
    if (this.#features.usage && message.includes('stream_options')) {
      this.#features.usage = false
      return true
    }
    if (schema === undefined || !this.#features.schema || !/response_format|json_schema/.test(message)) return false
    this.#features.schema = false
    return true
  }

  async #send(params: ChatCompletionCreateParamsStreaming, signal: AbortSignal, progress: Progress): Promise<RawAnswer> {
    const stalled = new AbortController()
    const timer = setTimeout(() => stalled.abort(), this.#stallMs)
    try {
      return await this.#exchange(params, AbortSignal.any([signal, stalled.signal]), (text) => {
        timer.refresh()
        if (text !== '') progress.text(text)
      })
    } catch (error) {
      if (stalled.signal.aborted && !signal.aborted) throw stalledFailure(this.#endpoint, this.#stallMs)
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  async #exchange(params: ChatCompletionCreateParamsStreaming, signal: AbortSignal, onText: (text: string) => void): Promise<RawAnswer> {
    const { data: stream, response } = await this.#client.chat.completions.create(params, { signal }).withResponse()
    if (response.headers.get('content-type')?.includes('application/json')) return answerOf((await response.json()) as ChatCompletion)
    const builder = new AnswerBuilder()
    for await (const chunk of stream) onText(builder.add(chunk))
    // The client ends an aborted stream as if it were complete.
    signal.throwIfAborted()
    return builder.finish()
  }

  #accepted(answer: RawAnswer): RawAnswer {
    if (answer.refusal !== '' || answer.finishReason === 'content_filter') {
      throw new NodeFailure('model-refused', `The model refuses to answer${answer.refusal === '' ? '.' : `: ${answer.refusal}`}`)
    }
    if (answer.finishReason === '') throw cutFailure(this.#endpoint)
    const model = answer.model === '' ? this.#endpoint.model : answer.model
    return { ...answer, model: `${this.#endpoint.provider}/${model}`, toolCalls: answer.toolCalls.map((call) => ({ ...call, name: nodeId(call.name) })) }
  }
}

function paramsOf(request: ChatRequest, endpoint: ModelEndpoint, schema: AnswerSchema | undefined, features: Features): ChatCompletionCreateParamsStreaming {
  const { tools = [], temperature, maxTokens } = request
  const messages = request.messages.map(messageOf)
  if (schema !== undefined && !features.schema) {
    messages.unshift({ role: 'system', content: `Answer with JSON that fits this JSON Schema, and nothing else:\n${JSON.stringify(schema.sent)}` })
  }
  return {
    model: endpoint.model,
    messages,
    stream: true,
    ...(features.usage ? { stream_options: { include_usage: true } } : {}),
    ...(temperature === undefined ? {} : { temperature }),
    // OpenAI's reasoning models refuse the old name, most other servers do not know the new one.
    ...(maxTokens === undefined ? {} : endpoint.isOfficial ? { max_completion_tokens: maxTokens } : { max_tokens: maxTokens }),
    ...(tools.length === 0 ? {} : { tools: tools.map(({ name, description, parameters }) => ({ type: 'function' as const, function: { name: toolName(name), description, parameters } })) }),
    ...(schema === undefined || !features.schema ? {} : { response_format: { type: 'json_schema' as const, json_schema: { name: 'answer', schema: schema.sent, strict: schema.isStrict } } }),
  }
}

function messageOf(message: ChatMessage): ChatCompletionMessageParam {
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.callId, content: message.content }
  if (message.role !== 'assistant' || message.toolCalls === undefined) return { role: message.role, content: message.content }
  return {
    role: 'assistant',
    content: message.content === '' ? null : message.content,
    tool_calls: message.toolCalls.map(({ id, name, arguments: args }) => ({ id, type: 'function', function: { name: toolName(name), arguments: args } })),
  }
}

/** Providers allow no `$` in names, and node ids hold no `-`, so the two can stand for each other. */
function toolName(id: string): string {
  return id.replaceAll('$', '-')
}

function nodeId(name: string): string {
  return name.replaceAll('-', '$')
}
