import { describe, expect, it } from 'vitest'
import { NodeFailure } from '../../model/failure.ts'
import { agentSteps, testTool } from '../../tests/support/agentSteps.ts'
import { executorCall } from '../../tests/support/executorCall.ts'
import { gate } from '../../tests/support/gate.ts'
import { scriptedModelService } from '../../tests/support/scriptedModelService.ts'
import { execute } from './execute.ts'

const double = testTool('double', async ({ value }) => Number(value) * 2)
const broken = testTool('broken', async () => {
  throw new NodeFailure('http-404', 'Nothing is there.')
})

describe('agent', () => {
  it('answers without tools in one turn', async () => {
    await using lab = await scriptedModelService([{ text: 'Done.' }])
    const call = executorCall(
      { instructions: 'Be kind.', input: { task: 1 } },
      { services: { model: lab.model, tools: agentSteps([]) } },
    )
    const usage = { inputTokens: 10, outputTokens: 5 }
    expect(await execute(call)).toEqual({ output: { text: 'Done.', object: null, turns: 1, usage } })
    expect(lab.server.chats[0]?.messages).toEqual([
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: '{"task":1}' },
    ])
    expect(lab.server.chats[0]?.tools).toBeUndefined()
    expect([call.progress.statuses[0], call.progress.texts.join('')]).toEqual(['turn 1 of 12', 'Done.'])
  })

  it('calls two tools in one turn, one of them failing, and goes on with both results', async () => {
    await using lab = await scriptedModelService([
      {
        text: 'Looking.',
        toolCalls: [
          { name: 'double', arguments: { value: '21' } },
          { name: 'broken', arguments: {} },
        ],
      },
      { text: 'It is 42; the other is gone.', usage: [30, 6] },
    ])
    const steps = agentSteps([double, broken])
    const call = executorCall({ input: 'go', maxTurns: 5 }, { services: { model: lab.model, tools: steps } })
    const { output } = await execute(call)
    expect(call.progress.texts.join('')).toBe('Looking.\n\nIt is 42; the other is gone.')
    expect(output).toEqual({
      text: 'It is 42; the other is gone.',
      object: null,
      turns: 2,
      usage: { inputTokens: 40, outputTokens: 11 },
    })
    const [, said, first, second] = lab.server.chats[1]?.messages ?? []
    expect(said?.tool_calls).toHaveLength(2)
    expect(first).toMatchObject({ role: 'tool', content: '42' })
    expect(second).toMatchObject({
      role: 'tool',
      content: '{"error":{"code":"http-404","message":"Nothing is there."}}',
    })
    expect(first?.tool_call_id).not.toBe(second?.tool_call_id)
    expect(steps.calls.map(({ call }) => call.type)).toEqual(['model', 'tool', 'tool', 'model'])
  })

  it('runs the tools of a turn at the same time', async () => {
    const door = gate<string>()
    const waits = testTool('waits', () => door.opened)
    const opens = testTool('opens', async () => {
      door.open('opened')
      return 'open'
    })
    await using lab = await scriptedModelService([
      {
        toolCalls: [
          { name: 'waits', arguments: {} },
          { name: 'opens', arguments: {} },
        ],
      },
      { text: 'ok' },
    ])
    expect(
      (
        await execute(
          executorCall({ input: 'go' }, { services: { model: lab.model, tools: agentSteps([waits, opens]) } }),
        )
      ).output,
    ).toMatchObject({ turns: 2 })
  })

  it('tells the model about arguments that are no JSON and tools that are not there', async () => {
    await using lab = await scriptedModelService([
      {
        toolCalls: [
          { name: 'double', arguments: '{"value": ' },
          { name: 'double', arguments: '[1]' },
          { name: 'fly', arguments: {} },
          { name: 'double', arguments: '' },
        ],
      },
      { text: 'sorry' },
    ])
    const steps = agentSteps([double])
    await execute(executorCall({ input: 'go' }, { services: { model: lab.model, tools: steps } }))
    const codes = lab.server.chats[1]?.messages
      .slice(2)
      .map(({ content }) => /"code":"([a-z-]+)"/.exec(String(content))?.[1])
    expect(codes).toEqual(['bad-arguments', 'bad-arguments', 'unknown-tool', undefined])
    expect(steps.calls.flatMap(({ args }) => (args === undefined ? [] : [args]))).toEqual([{}])
  })

  it('gives up after its turns', async () => {
    await using lab = await scriptedModelService(() => ({ toolCalls: [{ name: 'double', arguments: { value: '1' } }] }))
    const steps = agentSteps([double])
    const call = executorCall({ input: 'go', maxTurns: 3 }, { services: { model: lab.model, tools: steps } })
    await expect(execute(call)).rejects.toMatchObject({
      code: 'agent-max-turns',
      retryable: false,
      details: { turns: 3 },
    })
    expect(steps.calls.map((step) => step.call.type)).toEqual(['model', 'tool', 'model', 'tool', 'model'])
  })

  it('gives the model no more of a tool’s result than it can read', async () => {
    await using lab = await scriptedModelService([{ toolCalls: [{ name: 'long', arguments: {} }] }, { text: 'ok' }])
    await execute(
      executorCall(
        { input: 'go' },
        { services: { model: lab.model, tools: agentSteps([testTool('long', async () => 'x'.repeat(70_000))]) } },
      ),
    )
    expect(lab.server.chats[1]?.messages.at(-1)?.content).toMatch(/^x{60000}\n\[cut: 10000 more characters\]$/)
  })

  it('gives its last answer as data by a schema', async () => {
    await using lab = await scriptedModelService([
      { toolCalls: [{ name: 'double', arguments: { value: '4' } }] },
      { text: '{"n": 8}' },
    ])
    const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] }
    const { output } = await execute(
      executorCall({ input: 'go', schema }, { services: { model: lab.model, tools: agentSteps([double]) } }),
    )
    expect(output).toMatchObject({ object: { n: 8 }, turns: 2 })
  })

  it('repeats nothing that was recorded before a crash', async () => {
    await using lab = await scriptedModelService([
      { toolCalls: [{ name: 'double', arguments: { value: '2' } }] },
      { cutAfter: 'It' },
      { text: 'It is 4.' },
    ])
    let runs = 0
    const counted = testTool('double', async () => (runs += 1))
    const before = agentSteps([counted])
    await expect(
      execute(executorCall({ input: 'go' }, { services: { model: lab.model, tools: before } })),
    ).rejects.toMatchObject({ code: 'model-cut' })
    const { output } = await execute(
      executorCall({ input: 'go' }, { services: { model: lab.model, tools: agentSteps([counted], before.recorded) } }),
    )
    expect(output).toMatchObject({ text: 'It is 4.', turns: 2 })
    expect([runs, lab.server.chats.length]).toEqual([1, 3])
  })

  it('ends with the signal’s reason when aborted in the middle of a turn', async () => {
    await using lab = await scriptedModelService([{ stallAfter: 'Let me' }])
    const controller = new AbortController()
    const reason = new Error('enough')
    const call = executorCall(
      { input: 'go' },
      { services: { model: lab.model, tools: agentSteps([]) }, signal: controller.signal },
    )
    const running = execute({ ...call, progress: { status: () => undefined, text: () => controller.abort(reason) } })
    await expect(running).rejects.toBe(reason)
  })
})
