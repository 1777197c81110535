import { afterEach, describe, expect, it } from 'vitest'
import { settingsSchema } from '../../model/protocol.ts'
import { recordProgress } from '../../tests/support/recordProgress.ts'
import { startScriptedModel, type ScriptedModel } from '../../tests/support/openaiServer.ts'
import type { ChatRequest } from '../sdk/services.ts'
import { HttpConnections } from './httpConnections.ts'
import { createModelService, type ModelServiceOptions } from './modelService.ts'
import { readSecretsFrom } from './secretReader.ts'

const connections = new HttpConnections()
const models: ScriptedModel[] = []

afterEach(async () => {
  await connections.close()
  await Promise.all(models.splice(0).map((model) => model.close()))
})

async function script(...args: Parameters<typeof startScriptedModel>): Promise<ScriptedModel> {
  const model = await startScriptedModel(...args)
  models.push(model)
  return model
}

/** A service whose provider `lab` is the scripted server, with the key `canary-key-1`. */
function serviceFor(baseURL: string, options: Partial<ModelServiceOptions> & { settings?: never } = {}) {
  const secrets = readSecretsFrom({
    get: async (name) => (name === 'lab' ? { value: 'canary-key-1', hosts: [] } : undefined),
  })
  const settings = settingsSchema.parse({ providers: { lab: { baseURL, apiKey: { $secret: 'lab' } } } })
  return createModelService({ connections, settings: async () => settings, secrets, environment: {}, ...options })
}

const ask = (more: Partial<ChatRequest> = {}): ChatRequest => ({
  model: 'lab/test-model',
  messages: [{ role: 'user', content: 'hello' }],
  ...more,
})
const calm = new AbortController().signal

describe('the model service', () => {
  it('streams an answer, with usage, model and finish reason', async () => {
    const model = await script([{ text: 'good morning', usage: [7, 3] }])
    const progress = recordProgress()
    const answer = await serviceFor(model.baseURL).chat(ask({ temperature: 0.5, maxTokens: 20 }), calm, progress)
    expect(answer).toEqual({
      text: 'good morning',
      toolCalls: [],
      usage: { inputTokens: 7, outputTokens: 3 },
      model: 'lab/test-model',
      finishReason: 'stop',
    })
    expect(progress.texts).toEqual(['good m', 'orning'])
    expect(model.chats[0]).toMatchObject({
      model: 'test-model',
      stream: true,
      stream_options: { include_usage: true },
      temperature: 0.5,
      max_tokens: 20,
    })
    expect(model.requests[0]?.headers['authorization']).toBe('Bearer canary-key-1')
  })

  it('takes whole answers of servers that do not stream', async () => {
    const model = await script([{ text: 'all at once', whole: true }])
    expect(await serviceFor(model.baseURL).chat(ask(), calm, recordProgress())).toMatchObject({
      text: 'all at once',
      usage: { inputTokens: 10, outputTokens: 5 },
    })
  })

  it('offers tools and puts streamed tool calls together', async () => {
    const model = await script([
      {
        toolCalls: [
          { name: 'fetch', arguments: { url: 'a' } },
          { name: 'fetch', arguments: { url: 'b' } },
          { name: 'note-1', arguments: '{"broken' },
        ],
      },
    ])
    const tools = [{ name: 'note$1', description: 'Keeps a note', parameters: { type: 'object' } }]
    const answer = await serviceFor(model.baseURL).chat(ask({ tools }), calm, recordProgress())
    expect(answer.toolCalls.map(({ name, arguments: args }) => [name, args])).toEqual([
      ['fetch', '{"url":"a"}'],
      ['fetch', '{"url":"b"}'],
      ['note$1', '{"broken'],
    ])
    expect(new Set(answer.toolCalls.map(({ id }) => id)).size).toBe(3)
    expect(model.chats[0]?.tools?.[0]?.function).toEqual({
      name: 'note-1',
      description: 'Keeps a note',
      parameters: { type: 'object' },
    })
  })

  const schema = {
    type: 'object',
    properties: { n: { type: 'integer' } },
    required: ['n'],
    additionalProperties: false,
  }

  it('reads an answer by its schema, strictly where the schema allows', async () => {
    const model = await script([{ text: '{"n": 4}' }, { text: '```json\n[1]\n```' }, { text: '{"value": [2, 3]}' }])
    const service = serviceFor(model.baseURL)
    expect((await service.chat(ask({ schema }), calm, recordProgress())).object).toEqual({ n: 4 })
    expect(model.chats[0]?.response_format).toEqual({
      type: 'json_schema',
      json_schema: { name: 'answer', schema, strict: true },
    })
    const list = await service.chat(
      ask({ schema: { type: 'array', items: { type: 'integer' } } }),
      calm,
      recordProgress(),
    )
    expect(list.object).toEqual([2, 3])
  })

  it('sends an answer that does not fit back once, and adds the usage up', async () => {
    const model = await script([{ text: '{"n": "four"}' }, { text: '{"n": 4}' }])
    const answer = await serviceFor(model.baseURL).chat(ask({ schema }), calm, recordProgress())
    expect([answer.object, answer.usage]).toEqual([{ n: 4 }, { inputTokens: 20, outputTokens: 10 }])
    expect(model.chats[1]?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user'])
    expect(model.chats[1]?.messages[2]?.content).toContain('/n')
  })

  it('fails retryably where the answer does not fit the second time either', async () => {
    const model = await script([{ text: 'no' }, { text: 'still no' }])
    await expect(serviceFor(model.baseURL).chat(ask({ schema }), calm, recordProgress())).rejects.toMatchObject({
      code: 'model-bad-answer',
      retryable: true,
    })
    expect(model.chats).toHaveLength(2)
  })

  it('goes without features that the server refuses', async () => {
    const model = await script((chat) => {
      if (chat['stream_options']) return { status: 400, message: 'Unknown field: stream_options' }
      return chat.response_format ? { status: 400, message: 'response_format is not supported' } : { text: '{"n": 1}' }
    })
    expect((await serviceFor(model.baseURL).chat(ask({ schema }), calm, recordProgress())).object).toEqual({ n: 1 })
    expect(model.chats.at(-1)?.messages[0]?.content).toContain('"additionalProperties":false')
  })

  it.each([
    [{ status: 429, message: 'slow down' }, 'model-rate-limited', true],
    [{ status: 500 }, 'model-server-error', true],
    [{ status: 503 }, 'model-server-error', true],
    [{ status: 401, message: 'bad key canary-key-1' }, 'model-bad-key', false],
    [{ status: 404 }, 'model-not-found', false],
    [{ status: 400, message: 'context too long' }, 'model-bad-request', false],
    [{ raw: 'data: {"broken\n\n' }, 'model-bad-answer', true],
    [{ raw: 'data: {"error": {"message": "overloaded"}}\n\n' }, 'model-server-error', true],
    [{ raw: 'data: [DONE]\n\n' }, 'model-cut', true],
    [{ cutAfter: 'half of' }, 'model-cut', true],
    [{ refusal: 'I cannot.' }, 'model-refused', false],
  ])('maps %j to a clear failure, without the key in it', async (turn, code, retryable) => {
    const model = await script([turn])
    const failure = await serviceFor(model.baseURL)
      .chat(ask(), calm, recordProgress())
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({ code, retryable })
    expect(String(failure)).not.toContain('canary')
    expect(model.chats).toHaveLength(1)
  })

  it('gives a stream up that stalls, before and after its first word', async () => {
    const model = await script([{ stallAfter: 'one' }])
    await expect(serviceFor(model.baseURL, { stallMs: 150 }).chat(ask(), calm, recordProgress())).rejects.toMatchObject(
      { code: 'model-stalled', retryable: true },
    )
  })

  it('rejects with the signal’s reason when aborted in the middle of a stream', async () => {
    const model = await script([{ stallAfter: 'one' }])
    const controller = new AbortController()
    const reason = new Error('enough')
    const progress = recordProgress(() => controller.abort(reason))
    await expect(serviceFor(model.baseURL).chat(ask(), controller.signal, progress)).rejects.toBe(reason)
  })

  it('says in one sentence what to do without key, model or server', async () => {
    const bare = createModelService({
      connections,
      settings: async () => settingsSchema.parse({}),
      secrets: readSecretsFrom({ get: async () => undefined }),
      environment: {},
    })
    const failureOf = (model: string) =>
      bare.chat(ask({ model }), calm, recordProgress()).catch((error: unknown) => error)
    expect(await failureOf('openai/gpt-5-mini')).toMatchObject({
      code: 'model-no-key',
      message: expect.stringContaining('OPENAI_API_KEY') as unknown,
    })
    expect(await failureOf('nobody/x')).toMatchObject({ code: 'model-unknown-provider' })
    expect(await failureOf('gpt')).toMatchObject({ code: 'bad-setting' })
    const gone = await script([])
    await gone.close()
    await expect(serviceFor(gone.baseURL).chat(ask(), calm, recordProgress())).rejects.toMatchObject({
      code: 'model-unreachable',
      retryable: true,
    })
  })

  it('asks the first model of a local Ollama where nothing else is set up', async () => {
    const model = await script([{ text: 'hi' }], ['llama-local', 'other'])
    const serviceWith = (baseURL: string) =>
      createModelService({
        connections,
        settings: async () => settingsSchema.parse({ providers: { ollama: { baseURL } } }),
        secrets: readSecretsFrom({ get: async () => undefined }),
        environment: {},
      })
    const { messages } = ask()
    const answer = await serviceWith(model.baseURL).chat({ messages }, calm, recordProgress())
    expect(answer.model).toBe('ollama/llama-local')
    await model.close()
    await expect(serviceWith(model.baseURL).chat({ messages }, calm, recordProgress())).rejects.toMatchObject({
      code: 'model-none',
      message: expect.stringContaining('start Ollama') as unknown,
    })
  })

  it('works by OPENAI_API_KEY and OPENAI_BASE_URL alone, also where no model is named', async () => {
    const model = await script([{ text: 'hi' }, { text: 'hi' }])
    const environment = { OPENAI_API_KEY: 'canary-env-1', OPENAI_BASE_URL: model.baseURL }
    const service = createModelService({
      connections,
      settings: async () => settingsSchema.parse({}),
      secrets: readSecretsFrom({ get: async () => undefined }),
      environment,
    })
    expect((await service.chat(ask({ model: 'openai/gpt-4o' }), calm, recordProgress())).model).toBe('openai/gpt-4o')
    await service.chat({ messages: ask().messages }, calm, recordProgress())
    expect(model.chats.map((chat) => chat.model)).toEqual(['gpt-4o', 'gpt-5-mini'])
    expect(model.requests[0]?.headers['authorization']).toBe('Bearer canary-env-1')
  })
})
