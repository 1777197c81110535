import type { ChatCompletion, ChatCompletionChunk } from 'openai/resources/chat/completions'
import type { Usage } from '../../model/events.ts'
import type { ToolCall } from '../sdk/services.ts'

/** A model's answer as it came, before anyone looked at its meaning. */
export interface RawAnswer {
  readonly text: string
  readonly refusal: string
  readonly toolCalls: readonly ToolCall[]
  readonly usage: Usage
  readonly model: string
  /** Empty where the stream ended without one: it was cut. */
  readonly finishReason: string
}

type ToolDelta = NonNullable<ChatCompletionChunk.Choice.Delta['tool_calls']>[number]

/** Puts an answer together from the chunks of a stream. */
export class AnswerBuilder {
  #text = ''
  #refusal = ''
  #model = ''
  #finishReason = ''
  #usage: Usage = { inputTokens: 0, outputTokens: 0 }
  readonly #calls: { id: string; name: string; arguments: string; index: number }[] = []

  /** Takes one chunk; gives the text that is new. */
  add(chunk: ChatCompletionChunk): string {
    if (chunk.model) this.#model = chunk.model
    if (chunk.usage) this.#usage = usageOf(chunk.usage)
    // Some servers send a last chunk that holds the usage alone, without `choices`.
    const choice = (chunk.choices as ChatCompletionChunk.Choice[] | undefined)?.[0]
    if (!choice) return ''
    if (choice.finish_reason) this.#finishReason = choice.finish_reason
    const delta = choice.delta as ChatCompletionChunk.Choice.Delta | undefined
    this.#refusal += delta?.refusal ?? ''
    for (const call of delta?.tool_calls ?? []) this.#addCall(call)
    const text = delta?.content ?? ''
    this.#text += text
    return text
  }

  /** Parts of a call share its index; a server that numbers them all 0 tells them apart by id. */
  #addCall({ index, id, function: part }: ToolDelta): void {
    let call = this.#calls.findLast((open) => open.index === index)
    if (!call || (id !== undefined && id !== '' && id !== call.id)) {
      call = { id: id ?? '', name: '', arguments: '', index }
      this.#calls.push(call)
    }
    call.name += part?.name ?? ''
    call.arguments += part?.arguments ?? ''
  }

  finish(): RawAnswer {
    const toolCalls = this.#calls.map(({ id, name, arguments: args }, at) => ({
      id: id === '' ? `call_${at + 1}` : id,
      name,
      arguments: args,
    }))
    return {
      text: this.#text,
      refusal: this.#refusal,
      toolCalls,
      usage: this.#usage,
      model: this.#model,
      finishReason: this.#finishReason,
    }
  }
}

/** The same from a whole answer, of servers that do not stream. */
export function answerOf(completion: ChatCompletion): RawAnswer {
  const choice = (completion.choices as ChatCompletion.Choice[] | undefined)?.[0]
  const calls = (choice?.message.tool_calls ?? []).flatMap((call) => (call.type === 'function' ? [call] : []))
  return {
    text: choice?.message.content ?? '',
    refusal: choice?.message.refusal ?? '',
    toolCalls: calls.map(({ id, function: { name, arguments: args } }) => ({ id, name, arguments: args })),
    usage: completion.usage ? usageOf(completion.usage) : { inputTokens: 0, outputTokens: 0 },
    model: completion.model,
    finishReason: choice?.finish_reason ?? '',
  }
}

/** `cost` is what OpenRouter adds, in US dollars; other providers leave pricing to the reader. */
function usageOf(usage: { prompt_tokens: number; completion_tokens: number; cost?: unknown }): Usage {
  const tokens = { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens }
  return typeof usage.cost === 'number' ? { ...tokens, cost: usage.cost } : tokens
}
