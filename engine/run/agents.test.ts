import { readFile } from 'node:fs/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { linesOf } from '../../tests/support/awaitEvent.ts'
import { openLocalRuns, type LocalRuns } from '../../tests/support/localRuns.ts'
import { startScriptedModel, type ScriptedModel, type ScriptedTurn } from '../../tests/support/openaiServer.ts'
import { start } from '../../tests/support/shortNodes.ts'
import type { JsonObject } from '../../model/json.ts'

// Real processes and a real disk: slow where the machine is busy.
vi.setConfig({ testTimeout: 30_000 })

let runs: LocalRuns
let model: ScriptedModel

afterEach(async () => {
  await runs[Symbol.asyncDispose]()
  await model.close()
})

async function open(script: Parameters<typeof startScriptedModel>[0]): Promise<void> {
  model = await startScriptedModel(script)
  runs = await openLocalRuns({ env: { OPENAI_BASE_URL: model.baseURL, OPENAI_API_KEY: 'key' } })
}

const noteParams: JsonObject = {
  type: 'object',
  properties: { text: { type: 'string' } },
  required: ['text'],
  additionalProperties: false,
}

const nodes: JsonObject = {
  start,
  agent: { kind: 'agent', data: { model: 'openai/test-model', input: 'Take a note.' } },
  note: {
    kind: 'shell',
    label: 'Writes a note',
    params: noteParams,
    data: {
      command: [
        'sh',
        '-c',
        'echo "$SWITCHYARD_EFFECT_KEY $TEXT" >> notes; [ "$TEXT" != hang ] || [ $(wc -l < notes) -gt 1 ] || { echo up; sleep 60; }',
      ],
      env: { TEXT: '{{ args.text }}' },
    },
  },
  missing: { kind: 'read-file', data: { path: 'nowhere.txt' } },
}
const edges = ['start -> agent', 'note -> agent:tools', 'missing -> agent:tools']

const twoCalls: ScriptedTurn = {
  toolCalls: [
    { name: 'note', arguments: { text: 'milk' } },
    { name: 'missing', arguments: {} },
  ],
}
const notes = async (): Promise<string[]> => (await readFile(runs.folder.at('notes'), 'utf8')).trim().split('\n')

describe('an agent', () => {
  it('journals every turn and call as a step of its own, a failing tool included', async () => {
    await open([twoCalls, { text: 'Noted.' }])
    const result = await runs.run(nodes, edges)
    expect(result).toMatchObject({
      status: 'completed',
      output: { text: 'Noted.', turns: 2 },
      usage: { inputTokens: 20, outputTokens: 10 },
    })
    expect(linesOf(result.events, 'node.started', 'effect.intended', 'node.finished', 'node.failed').slice(2)).toEqual([
      'node.started agent#1',
      'effect.intended agent#1',
      'node.started agent/call1#1',
      'effect.intended agent/call1#1',
      'node.finished agent/call1#1',
      'node.started agent/call2#1',
      'effect.intended agent/call2#1',
      'node.started agent/call3#1',
      'effect.intended agent/call3#1',
      'node.failed agent/call3#1',
      'node.finished agent/call2#1',
      'node.started agent/call4#1',
      'effect.intended agent/call4#1',
      'node.finished agent/call4#1',
      'node.finished agent#1',
    ])
    expect(await notes()).toEqual([`${result.runId}/agent#1/call2 milk`])
    expect(model.chats[0]?.tools?.map((tool) => [tool.function.name, tool.function.parameters])).toEqual([
      ['note', noteParams],
      ['missing', { type: 'object', properties: {}, additionalProperties: false }],
    ])
    expect((await runs.host.replayRun(result.runId)).differences).toEqual([])
  })

  it('tells the model that arguments do not fit', async () => {
    await open([{ toolCalls: [{ name: 'note', arguments: { words: 1 } }] }, { text: 'Sorry.' }])
    const result = await runs.run(nodes, edges)
    expect(result).toMatchObject({ status: 'completed', output: { text: 'Sorry.' } })
    expect(JSON.stringify(model.chats[1]?.messages.at(-1))).toContain('bad-arguments')
  })

  it('asks nothing twice after a crash: recorded steps are taken, an open one is answered by a person', async () => {
    await open([
      { toolCalls: [{ name: 'note', arguments: { text: 'first' } }] },
      { toolCalls: [{ name: 'note', arguments: { text: 'hang' } }] },
      { text: 'Done.' },
    ])
    const isUp = new Promise<void>((resolve) => {
      runs.host.subscribe({ progress: (messages) => messages.some((one) => one.text?.includes('up')) && resolve() })
    })
    const hanging = {
      ...nodes,
      note: {
        ...(nodes['note'] as JsonObject),
        data: {
          command: [
            'sh',
            '-c',
            'echo "$SWITCHYARD_EFFECT_KEY $TEXT" >> notes; [ "$TEXT" != hang ] || { echo up; sleep 60; }',
          ],
          env: { TEXT: '{{ args.text }}' },
        },
      },
    }
    const runId = await runs.start(hanging, edges)
    await isUp
    const host = await runs.reopen()
    await host.resumeRuns()
    expect(await host.settled(runId)).toMatchObject({ status: 'waiting', waitingOn: ['agent/call4'] })
    await host.resolveNode(runId, 'agent/call4', { type: 'value', output: { exitCode: 0 } })
    expect(await host.settled(runId)).toMatchObject({ status: 'completed', output: { text: 'Done.', turns: 3 } })
    expect(await notes()).toEqual([`${runId}/agent#1/call2 first`, `${runId}/agent#1/call4 hang`])
    expect(model.chats).toHaveLength(3)
  })

  it('does not repeat a tool’s effect that its own timeout cut off, though it may try again', async () => {
    await open([{ toolCalls: [{ name: 'note', arguments: { text: 'hang' } }] }, { text: 'Done.' }])
    const policy = { retry: { max: 2, delay: '1ms' }, timeout: '3s' }
    const runId = await runs.start({ ...nodes, agent: { ...(nodes['agent'] as JsonObject), policy } }, edges)
    const { host } = runs
    expect(await host.settled(runId)).toMatchObject({ status: 'waiting', waitingOn: ['agent/call2'] })
    expect(linesOf(host.readRun(runId).events, 'node.retrying', 'node.unknown')).toEqual([
      'node.retrying agent#1',
      'node.unknown agent/call2#1',
    ])
    await host.resolveNode(runId, 'agent/call2', { type: 'value', output: { exitCode: 0 } })
    expect(await host.settled(runId)).toMatchObject({ status: 'completed', output: { text: 'Done.' } })
    expect(await notes()).toEqual([`${runId}/agent#1/call2 hang`])
    expect((await host.replayRun(runId)).differences).toEqual([])
  })

  it('asks the model again where a crash cut its turn off', async () => {
    await open((_chat, number) => (number === 0 ? { stallAfter: 'I was ' } : { text: 'Done.' }))
    const isUp = new Promise<void>((resolve) => {
      runs.host.subscribe({
        progress: (messages) => {
          if (messages.some((one) => one.text?.includes('I was'))) resolve()
        },
      })
    })
    const runId = await runs.start(nodes, edges)
    await isUp
    const host = await runs.reopen()
    await host.resumeRuns()
    expect(await host.settled(runId)).toMatchObject({ status: 'completed', output: { text: 'Done.', turns: 1 } })
    expect(linesOf(host.readRun(runId).events, 'node.started').filter((line) => line.includes('/call'))).toEqual([
      'node.started agent/call1#1',
    ])
  })

  it('fails with the model’s failure and takes the recorded steps when it is retried', async () => {
    await open([{ toolCalls: [{ name: 'note', arguments: { text: 'once' } }] }, { status: 500 }, { text: 'At last.' }])
    const retried = { ...nodes, agent: { ...(nodes['agent'] as JsonObject), policy: { retry: { max: 2 } } } }
    const result = await runs.run(retried, edges)
    expect(result).toMatchObject({ status: 'completed', output: { text: 'At last.' } })
    expect(await notes()).toHaveLength(1)
    expect(model.chats).toHaveLength(3)
  })
})

describe('what a fork reuses', () => {
  it('is not counted again', async () => {
    await open([{ text: 'Hello.' }])
    const llm: JsonObject = { kind: 'llm', data: { model: 'openai/test-model', prompt: 'Greet.' } }
    const result = await runs.run({ start, llm }, ['start -> llm'])
    expect(result).toMatchObject({ status: 'completed', usage: { inputTokens: 10, outputTokens: 5 } })
    const forked = await runs.host.settled(await runs.host.forkRun(result.runId, result.events.length))
    expect(forked).toMatchObject({ status: 'completed', output: result.output })
    expect(forked.usage).toBeUndefined()
    expect(model.chats).toHaveLength(1)
  })
})
