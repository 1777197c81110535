import type { OpenAI } from 'openai'
import type {
  ChatCompletion,
  ChatCompletionCreateParamsStreaming,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions'
import { NodeFailure } from '../../model/failure.ts'
import type { Progress } from '../sdk/executor.ts'
import type { ChatMessage, ChatRequest } from '../sdk/services.ts'
import type { AnswerSchema } from './answerSchema.ts'
import { AnswerBuilder, answerOf, type RawAnswer } from './chatStream.ts'
import type { ModelEndpoint } from './modelEndpoint.ts'
import { cutFailure, modelFailure, stalledFailure } from './modelFailure.ts'
import { Redactor } from './redactor.ts'

/** Where a conversation's streaming goes, and what ends it. */
export interface Listening {
  readonly signal: AbortSignal
  readonly progress: Progress
}

/** Features that some servers do not know; a request they refuse is sent again without. */
interface Features {
  usage: boolean
  schema: boolean
}

/** Requests to one model. What its server turned out not to support is remembered. */
export class ModelConversation {
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

  async ask(request: ChatRequest, schema: AnswerSchema | undefined, listening: Listening): Promise<RawAnswer> {
    try {
      const answer = await this.#send(paramsOf(request, this.#endpoint, schema, this.#features), listening)
      return this.#accepted(answer)
    } catch (error) {
      listening.signal.throwIfAborted()
      const failure = modelFailure(error, this.#endpoint, this.#redactor)
      if (failure instanceof NodeFailure && this.#dropFeature(failure, schema))
        return this.ask(request, schema, listening)
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

  async #send(params: ChatCompletionCreateParamsStreaming, { signal, progress }: Listening): Promise<RawAnswer> {
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

  async #exchange(
    params: ChatCompletionCreateParamsStreaming,
    signal: AbortSignal,
    onText: (text: string) => void,
  ): Promise<RawAnswer> {
    const { data: stream, response } = await this.#client.chat.completions.create(params, { signal }).withResponse()
    if (response.headers.get('content-type')?.includes('application/json'))
      return answerOf((await response.json()) as ChatCompletion)
    const builder = new AnswerBuilder()
    for await (const chunk of stream) onText(builder.add(chunk))
    // The client ends an aborted stream as if it were complete.
    signal.throwIfAborted()
    return builder.finish()
  }

  #accepted(answer: RawAnswer): RawAnswer {
    if (answer.refusal !== '' || answer.finishReason === 'content_filter') {
      throw new NodeFailure(
        'model-refused',
        `The model refuses to answer${answer.refusal === '' ? '.' : `: ${answer.refusal}`}`,
      )
    }
    if (answer.finishReason === '') throw cutFailure(this.#endpoint)
    const model = answer.model === '' ? this.#endpoint.model : answer.model
    return {
      ...answer,
      text: this.#redactor.text(answer.text),
      model: `${this.#endpoint.provider}/${model}`,
      toolCalls: answer.toolCalls.map((call) => ({ ...call, name: nodeId(call.name) })),
    }
  }
}

function paramsOf(
  request: ChatRequest,
  endpoint: ModelEndpoint,
  schema: AnswerSchema | undefined,
  features: Features,
): ChatCompletionCreateParamsStreaming {
  const { tools = [], temperature, maxTokens } = request
  const messages = request.messages.map(messageOf)
  if (schema !== undefined && !features.schema) {
    messages.unshift({
      role: 'system',
      content: `Answer with JSON that fits this JSON Schema, and nothing else:\n${JSON.stringify(schema.sent)}`,
    })
  }
  return {
    model: endpoint.model,
    messages,
    stream: true,
    ...(features.usage ? { stream_options: { include_usage: true } } : {}),
    ...(temperature === undefined ? {} : { temperature }),
    // OpenAI's reasoning models refuse the old name, most other servers do not know the new one.
    ...(maxTokens === undefined ? {} : { [endpoint.isOfficial ? 'max_completion_tokens' : 'max_tokens']: maxTokens }),
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map(({ name, description, parameters }) => ({
            type: 'function' as const,
            function: { name: toolName(name), description, parameters },
          })),
        }),
    ...(schema === undefined || !features.schema
      ? {}
      : {
          response_format: {
            type: 'json_schema' as const,
            json_schema: { name: 'answer', schema: schema.sent, strict: schema.isStrict },
          },
        }),
  }
}

function messageOf(message: ChatMessage): ChatCompletionMessageParam {
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.callId, content: message.content }
  if (message.role !== 'assistant' || message.toolCalls === undefined)
    return { role: message.role, content: message.content }
  return {
    role: 'assistant',
    content: message.content === '' ? null : message.content,
    tool_calls: message.toolCalls.map(({ id, name, arguments: args }) => ({
      id,
      type: 'function',
      function: { name: toolName(name), arguments: args },
    })),
  }
}

/** Providers allow no `$` in names, and node ids hold no `-`, so the two can stand for each other. */
function toolName(id: string): string {
  return id.replaceAll('$', '-')
}

function nodeId(name: string): string {
  return name.replaceAll('-', '$')
}
