import type { ServerResponse } from 'node:http'
import type { Json, JsonObject } from '../../model/json.ts'
import { startHttpServer, type SeenRequest, type TestServer } from './httpServer.ts'

/** What the scripted model does with one request. */
export type ScriptedTurn =
  /** Answers, in two chunks per text so that streaming shows; `[input, output]` tokens (10 and 5 unless given). */
  | {
      readonly text?: string
      readonly toolCalls?: readonly ScriptedCall[]
      readonly usage?: readonly [number, number]
      readonly finishReason?: string
      readonly refusal?: string
      readonly whole?: boolean
    }
  /** Answers with an error, in OpenAI's form. */
  | { readonly status: number; readonly message?: string }
  /** Sends this as the stream's text, whatever it is. */
  | { readonly raw: string }
  /** Streams this text and then nothing more, without ending. */
  | { readonly stallAfter: string }
  /** Streams this text and then drops the connection. */
  | { readonly cutAfter: string }

export interface ScriptedCall {
  readonly name: string
  /** An object, or text as a model might garble it. */
  readonly arguments: JsonObject | string
}

/** Body of a chat request, as far as tests look at it. */
export interface SeenChat {
  readonly model: string
  readonly messages: readonly { role: string; content: Json; tool_call_id?: string; tool_calls?: Json[] }[]
  readonly tools?: readonly { function: { name: string; description: string; parameters: JsonObject } }[]
  readonly response_format?: JsonObject
  readonly [field: string]: unknown
}

export interface ScriptedModel extends AsyncDisposable {
  /** Base URL for the client, ending in `/v1`. */
  readonly baseURL: string
  /** Chat requests in order of arrival. */
  readonly chats: readonly SeenChat[]
  /** Header sets of the chat requests. */
  readonly requests: readonly SeenRequest[]
  close(): Promise<void>
}

type Script = readonly ScriptedTurn[] | ((chat: SeenChat, number: number) => ScriptedTurn)

/**
 * An OpenAI-compatible server on a free loopback port that plays a script: a list of turns, one per chat request, or a
 * function of the request and its number from 0. A request past the list's end gets status 500.
 */
export async function startScriptedModel(
  script: Script,
  models: readonly string[] = ['test-model'],
): Promise<ScriptedModel> {
  const chats: SeenChat[] = []
  const turnFor =
    typeof script === 'function'
      ? script
      : (_chat: SeenChat, number: number): ScriptedTurn =>
          script[number] ?? { status: 500, message: 'The script has ended.' }
  const server: TestServer = await startHttpServer({
    'GET /v1/models': (_request, response) => {
      sendJson(response, 200, { object: 'list', data: models.map((id) => ({ id, object: 'model' })) })
    },
    'POST /v1/chat/completions': (request, response) => {
      const chat = JSON.parse(request.body) as SeenChat
      chats.push(chat)
      play(turnFor(chat, chats.length - 1), chat, response)
    },
  })
  return {
    baseURL: `${server.url}/v1`,
    chats,
    requests: server.seen,
    close: server.close,
    [Symbol.asyncDispose]: server.close,
  }
}

function play(turn: ScriptedTurn, chat: SeenChat, response: ServerResponse): void {
  if ('status' in turn)
    return sendJson(response, turn.status, {
      error: { message: turn.message ?? 'scripted', type: 'scripted', code: null, param: null },
    })
  if ('raw' in turn) return void openStream(response).end(turn.raw)
  if ('stallAfter' in turn)
    return void openStream(response).write(event(chat, { delta: { role: 'assistant', content: turn.stallAfter } }))
  if ('cutAfter' in turn) {
    openStream(response).write(event(chat, { delta: { role: 'assistant', content: turn.cutAfter } }), () =>
      response.socket?.destroy(),
    )
    return
  }
  if (turn.whole === true || chat['stream'] !== true) return sendJson(response, 200, wholeAnswer(turn, chat))
  streamAnswer(turn, chat, openStream(response))
}

type Answer = Extract<ScriptedTurn, { text?: string }>

function streamAnswer(turn: Answer, chat: SeenChat, response: ServerResponse): void {
  const { text = '', refusal, toolCalls = [] } = turn
  const half = Math.ceil(text.length / 2)
  response.write(
    event(chat, { delta: { role: 'assistant', content: '', ...(refusal === undefined ? {} : { refusal }) } }),
  )
  for (const part of [text.slice(0, half), text.slice(half)]) {
    if (part !== '') response.write(event(chat, { delta: { content: part } }))
  }
  for (const [index, call] of toolCalls.entries()) {
    const args = argumentsText(call)
    const middle = Math.ceil(args.length / 2)
    const start = {
      index,
      id: callId(chat, index),
      type: 'function',
      function: { name: call.name, arguments: args.slice(0, middle) },
    }
    response.write(event(chat, { delta: { tool_calls: [start] } }))
    response.write(event(chat, { delta: { tool_calls: [{ index, function: { arguments: args.slice(middle) } }] } }))
  }
  response.write(event(chat, { delta: {}, finish_reason: finishOf(turn) }))
  if (chat['stream_options'])
    response.write(`data: ${JSON.stringify({ ...head(chat, true), choices: [], usage: usageOf(turn) })}\n\n`)
  response.end('data: [DONE]\n\n')
}

function wholeAnswer(turn: Answer, chat: SeenChat): JsonObject {
  const calls = (turn.toolCalls ?? []).map((call, index) => ({
    id: callId(chat, index),
    type: 'function',
    function: { name: call.name, arguments: argumentsText(call) },
  }))
  const message = {
    role: 'assistant',
    content: turn.text ?? null,
    refusal: turn.refusal ?? null,
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  }
  return { ...head(chat, false), choices: [{ index: 0, message, finish_reason: finishOf(turn) }], usage: usageOf(turn) }
}

function head(chat: SeenChat, isChunk: boolean): JsonObject {
  return {
    id: 'chatcmpl-1',
    object: isChunk ? 'chat.completion.chunk' : 'chat.completion',
    created: 0,
    model: chat.model,
  }
}

function event(chat: SeenChat, choice: JsonObject): string {
  return `data: ${JSON.stringify({ ...head(chat, true), choices: [{ index: 0, finish_reason: null, ...choice }] })}\n\n`
}

/** Unique over the conversation: calls of a later turn follow more messages. */
function callId(chat: SeenChat, index: number): string {
  return `call_${chat.messages.length}_${index}`
}

function finishOf({ finishReason, toolCalls = [] }: Answer): string {
  return finishReason ?? (toolCalls.length > 0 ? 'tool_calls' : 'stop')
}

function usageOf({ usage: [input, output] = [10, 5] }: Answer): JsonObject {
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output }
}

function argumentsText({ arguments: args }: ScriptedCall): string {
  return typeof args === 'string' ? args : JSON.stringify(args)
}

function openStream(response: ServerResponse): ServerResponse {
  return response.writeHead(200, { 'content-type': 'text/event-stream' })
}

function sendJson(response: ServerResponse, status: number, value: JsonObject): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}
