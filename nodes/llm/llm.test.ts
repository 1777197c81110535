import { describe, expect, it } from 'vitest'
import { executorCall } from '../../tests/support/executorCall.ts'
import { scriptedModelService } from '../../tests/support/scriptedModelService.ts'
import { execute } from './execute.ts'
import { spec } from './spec.ts'

describe('llm', () => {
  it('sends instructions, earlier messages and prompt, and gives text, usage and model', async () => {
    await using lab = await scriptedModelService([{ text: 'Tea is fine.', usage: [9, 4] }])
    const messages = [
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: { said: 'hi' } },
    ]
    const call = executorCall(
      { system: 'Be brief.', messages, prompt: 'What of tea?', temperature: 0, maxTokens: '50' },
      { services: { model: lab.model } },
    )
    const usage = { inputTokens: 9, outputTokens: 4 }
    expect(await execute(call)).toEqual({
      output: { text: 'Tea is fine.', object: null, usage, model: 'lab/test-model', finishReason: 'stop' },
      usage,
    })
    expect(lab.server.chats[0]).toMatchObject({
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hello' },
        { role: 'assistant', content: '{"said":"hi"}' },
        { role: 'user', content: 'What of tea?' },
      ],
      temperature: 0,
      max_tokens: 50,
    })
    expect(call.progress.texts.join('')).toBe('Tea is fine.')
  })

  it('gives data by a schema', async () => {
    await using lab = await scriptedModelService([{ text: '{"warm": true}' }])
    const schema = { type: 'object', properties: { warm: { type: 'boolean' } }, required: ['warm'] }
    expect(
      (await execute(executorCall({ prompt: 'Warm?', schema }, { services: { model: lab.model } }))).output,
    ).toMatchObject({ object: { warm: true } })
  })

  it.each([
    [{ prompt: null }, 'data.prompt'],
    [{ prompt: 'x', temperature: 9 }, 'data.temperature'],
    [{ prompt: 'x', messages: [{ role: 'robot', content: '' }] }, 'data.messages.0.role'],
    [{ prompt: 'x', schema: 'object' }, 'data.schema'],
  ])('names the setting that %j got wrong', async (data, field) => {
    await using lab = await scriptedModelService([])
    await expect(execute(executorCall(data, { services: { model: lab.model } }))).rejects.toMatchObject({
      code: 'bad-setting',
      details: { field },
    })
  })

  it('needs a prompt or messages', () => {
    const fits = (data: unknown) => spec.data.safeParse(data).success
    expect([fits({}), fits({ prompt: ' ' }), fits({ messages: [] })]).toEqual([false, false, false])
    expect([
      fits({ prompt: 'x' }),
      fits({ messages: '{{ prev }}' }),
      fits({ messages: [{ role: 'user', content: 'x' }] }),
    ]).toEqual([true, true, true])
  })
})
