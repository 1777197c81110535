import { describe, expect, it } from 'vitest'
import type { Json } from '../../model/json.ts'
import { content, startHttpServer } from '../support/httpServer.ts'
import { startScriptedModel, type ScriptedModel } from '../support/openaiServer.ts'
import { runTemplate, type TemplateRun } from '../support/runTemplate.ts'
import { templateModels } from '../support/templateModels.ts'

function runWith(model: ScriptedModel, name: string, input: Readonly<Record<string, Json>> = {}): Promise<TemplateRun> {
  return runTemplate(name, { input, env: { OPENAI_BASE_URL: model.baseURL, OPENAI_API_KEY: 'test-key' } })
}

/** Matches a text that holds another. */
function textWith(part: string): unknown {
  return expect.stringContaining(part)
}

describe('notes-digest', () => {
  it('summarizes every note, then writes a digest of all summaries', async () => {
    await using model = await startScriptedModel(templateModels['notes-digest'])
    const run = await runWith(model, 'notes-digest', { audience: 'the night shift' })
    expect([run.exit, run.output['notes']]).toEqual([0, 3])
    expect(model.chats).toHaveLength(4)
    expect(JSON.stringify(model.chats.at(-1)?.messages)).toContain('the night shift')
    expect(await run.text('digest.md')).toBe(
      '# Digest\n\n' +
        '- notes/mail-service.md: Summary of notes/mail-service.md: Limit: 10 messages per minute for each sender.\n' +
        '- notes/search-service.md: Summary of notes/search-service.md: Limit: 40 requests per second for each key.\n' +
        '- notes/upload-service.md: Summary of notes/upload-service.md: Limit: 200 MB per file.\n',
    )
  })

  it('asks again where the model is busy', async () => {
    let count = 0
    await using model = await startScriptedModel((chat) =>
      ++count === 2 ? { status: 429 } : templateModels['notes-digest'](chat),
    )
    const run = await runWith(model, 'notes-digest')
    expect([run.exit, run.output['notes'], model.chats.length]).toEqual([0, 3, 5])
  })

  it('says what to do without a key', async () => {
    const run = await runTemplate('notes-digest')
    expect([run.exit, run.error]).toEqual([
      1,
      expect.objectContaining({ code: 'model-no-key', node: 'summarize', message: textWith('OPENAI_API_KEY') }),
    ])
  })
})

describe('inbox-triage', () => {
  it('sorts by urgency and drafts replies to the urgent messages alone', async () => {
    await using model = await startScriptedModel(templateModels['inbox-triage'])
    const run = await runWith(model, 'inbox-triage')
    expect([run.exit, run.output]).toEqual([
      0,
      { messages: 4, urgent: ['Scanner app closes itself', 'Charged twice'], table: 'triage.md' },
    ])
    const rows = (await run.text('triage.md')).trim().split('\n').slice(4)
    expect(rows.map((row) => row.split(' | ').slice(0, 3).join(' | '))).toEqual([
      '| high | fault | Scanner app closes itself',
      '| high | billing | Charged twice',
      '| normal | billing | Invoice address',
      '| low | question | Dark theme',
    ])
    expect((await run.text('replies.md')).match(/^## Re: .*$/gm)).toEqual([
      '## Re: Scanner app closes itself',
      '## Re: Charged twice',
    ])
    expect(model.chats[0]?.response_format).toMatchObject({ type: 'json_schema' })
  })

  it('fails at the inbox that is missing, and at an answer that does not fit the schema', async () => {
    const missing = await runTemplate('inbox-triage', { input: { inbox: 'missing.json' } })
    expect([missing.exit, missing.error]).toEqual([
      1,
      expect.objectContaining({ code: 'file-not-found', node: 'inbox' }),
    ])
    await using model = await startScriptedModel(() => ({ text: '{"urgency": "extreme"}' }))
    const wrong = await runWith(model, 'inbox-triage')
    expect([wrong.exit, wrong.error]).toEqual([
      1,
      expect.objectContaining({ code: 'model-bad-answer', node: 'classify' }),
    ])
  })
})

describe('research-agent', () => {
  it('makes two calls in one turn, is told that one failed, and answers with its sources', async () => {
    await using model = await startScriptedModel(templateModels['research-agent'])
    const run = await runWith(model, 'research-agent')
    expect([run.exit, run.output]).toEqual([
      0,
      { answer: textWith('10 messages per minute'), sources: ['notes/mail-service.md'], turns: 3, file: 'answer.md' },
    ])
    expect(await run.text('answer.md')).toContain('Sources:\n\n- notes/mail-service.md\n')
    expect(model.chats[0]?.tools?.map((tool) => tool.function.name).sort()).toEqual([
      'fetchPage',
      'listNotes',
      'readNote',
    ])
    const told =
      model.chats[2]?.messages
        .filter((message) => message.role === 'tool')
        .map((message) => JSON.stringify(message.content)) ?? []
    expect(told).toHaveLength(3)
    expect(told[0]).toContain('notes/search-service.md')
    expect(told[1]).toContain('10 messages per minute')
    expect(told[2]).toContain('http-network')
  })

  it('fetches a page that is there', async () => {
    await using server = await startHttpServer({ '/limits': content('text/plain', 'The limit is 7.') })
    await using model = await startScriptedModel([
      { toolCalls: [{ name: 'fetchPage', arguments: { url: `${server.url}/limits` } }] },
      { text: '{"answer": "It is 7.", "sources": ["the page"]}' },
    ])
    const run = await runWith(model, 'research-agent', { question: 'What is the limit?' })
    expect([run.exit, run.output['answer']]).toEqual([0, 'It is 7.'])
    expect(JSON.stringify(model.chats[1]?.messages)).toContain('The limit is 7.')
  })

  it('lets no tool leave the workspace and the flow, and says so to the model', async () => {
    await using model = await startScriptedModel([
      { toolCalls: [{ name: 'readNote', arguments: { path: '../../../../etc/hostname' } }] },
      { text: '{"answer": "I may not read that.", "sources": []}' },
    ])
    const run = await runWith(model, 'research-agent')
    expect(run.exit).toBe(0)
    expect(JSON.stringify(model.chats[1]?.messages.at(-1))).toContain('file-outside')
  })

  it('gives up after its last turn', async () => {
    await using model = await startScriptedModel(() => ({ toolCalls: [{ name: 'listNotes', arguments: {} }] }))
    const run = await runWith(model, 'research-agent')
    expect([run.exit, run.error, model.chats.length]).toEqual([
      1,
      expect.objectContaining({ code: 'agent-max-turns', node: 'agent' }),
      10,
    ])
  })

  it('says what to do without a key', async () => {
    const run = await runTemplate('research-agent')
    expect([run.exit, run.error]).toEqual([1, expect.objectContaining({ code: 'model-no-key', node: 'agent' })])
  })
})
