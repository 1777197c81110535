import { copyFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listTemplates, readTemplateFlow } from '../../engine/workspace/templates.ts'
import { openEngine, type EngineHarness } from '../support/engineHarness.ts'

let engine: EngineHarness

beforeEach(async () => {
  engine = await openEngine()
})
afterEach(() => engine.close())

const path = 'flow.flow.json'

const flowOf = (command: string, more: object = {}): string =>
  JSON.stringify({
    format: 'switchyard.flow/1',
    name: 'Flow',
    nodes: { start: { kind: 'start' }, act: { kind: 'shell', data: { command: ['sh', '-c', command] } } },
    edges: ['start -> act'],
    ...more,
  })

const isTrusted = async (text?: string): Promise<boolean> =>
  (await engine.request('trust.get', { flow: { path, ...(text !== undefined && { text }) } })).trusted

/** Writes as git, an editor or an intruder would: past the engine. */
const writeFromOutside = (text: string): Promise<void> => writeFile(join(engine.workspace.root, path), text)

describe('trust', () => {
  it('is given to a flow that is made here, and follows every gesture', async () => {
    await engine.request('draft.save', { path, text: flowOf('true'), label: 'add node', base: null })
    await engine.request('draft.save', { path, text: flowOf('echo 1'), label: 'edit command', base: null })
    expect(await isTrusted(flowOf('echo 1'))).toBe(true)
    const { hash } = await engine.request('file.write', { path, text: flowOf('echo 2'), expected: null })
    expect(await isTrusted()).toBe(true)
    await engine.request('draft.save', { path, text: flowOf('echo 3'), label: 'edit command', base: hash })
    expect(await isTrusted(flowOf('echo 3'))).toBe(true)
  })

  it('is not given to a file that was there, until a person grants it', async () => {
    await writeFromOutside(flowOf('true'))
    expect(await engine.request('trust.get', { flow: { path } })).toEqual({
      trusted: false,
      services: ['shell'],
      env: [],
    })
    await engine.request('trust.grant', { flow: { path } })
    expect(await isTrusted()).toBe(true)
  })

  it('is lost by a change from outside, and comes back with the old text', async () => {
    await engine.request('file.write', { path, text: flowOf('true'), expected: null })
    await writeFromOutside(flowOf('touch ran'))
    expect(await isTrusted()).toBe(false)
    await writeFromOutside(flowOf('true'))
    expect(await isTrusted()).toBe(true)
  })

  it('is not brought back by a gesture in a flow that is locked', async () => {
    await engine.request('file.write', { path, text: flowOf('true'), expected: null })
    await writeFromOutside(flowOf('touch ran'))
    const { hash } = await engine.request('file.read', { path })
    await engine.request('draft.save', { path, text: flowOf('touch ran', { name: 'Moved' }), label: 'move', base: hash })
    await engine.request('file.write', { path, text: flowOf('touch ran; true'), expected: hash })
    expect(await isTrusted()).toBe(false)
  })

  it('is not laundered by a draft over another base, nor by claiming that nothing is there', async () => {
    await writeFromOutside(flowOf('touch ran'))
    await engine.request('draft.save', { path, text: flowOf('touch ran'), label: 'x', base: null })
    await engine.request('draft.save', { path, text: flowOf('touch ran'), label: 'x', base: 'f'.repeat(64) })
    expect(await isTrusted()).toBe(false)
  })

  it('is not given to an edit of a file that is gone', async () => {
    await writeFromOutside(flowOf('touch ran'))
    const { hash } = await engine.request('file.read', { path })
    await rm(join(engine.workspace.root, path))
    const edited = flowOf('touch ran', { name: 'Moved', concurrency: 2 })
    await engine.request('draft.save', { path, text: edited, label: 'edit', base: hash })
    expect(await isTrusted(edited)).toBe(false)
    await engine.request('draft.save', { path, text: flowOf('touch ran; true'), label: 'edit', base: null })
    expect(await isTrusted(flowOf('touch ran; true'))).toBe(false)
  })

  it('is not given to what was imported', async () => {
    await engine.request('file.write', { path, text: flowOf('true'), expected: null, origin: 'import' })
    expect(await isTrusted()).toBe(false)
    await engine.request('draft.save', {
      path: 'b.flow.json',
      text: flowOf('true'),
      label: 'import',
      base: null,
      origin: 'import',
    })
    await engine.request('draft.save', { path: 'b.flow.json', text: flowOf('echo'), label: 'edit', base: null })
    expect((await engine.request('trust.get', { flow: { path: 'b.flow.json', text: flowOf('echo') } })).trusted).toBe(
      false,
    )
  })

  it('hangs on what a flow does, not on how it looks', async () => {
    await engine.request('file.write', { path, text: flowOf('true'), expected: null })
    await writeFromOutside(flowOf('true', { layout: { nodes: { start: [40, 40] } }, description: 'Moved by hand' }))
    expect(await isTrusted()).toBe(true)
    for (const change of [
      { env: ['HOME'] },
      { pins: { act: { port: 'out', output: 1 } } },
      { concurrency: 2 },
      { inputs: {} },
    ]) {
      await writeFromOutside(flowOf('true', change))
      expect([change, await isTrusted()]).toEqual([change, false])
    }
  })

  it('does not come along with a folder', async () => {
    await writeFromOutside(flowOf('true'))
    await engine.request('trust.grant', { flow: { path } })
    const elsewhere = await openEngine()
    for (const name of [path, '.switchyard/trust.json'])
      await copyFile(join(engine.workspace.root, name), join(elsewhere.workspace.root, name))
    const trusted = await elsewhere.request('trust.get', { flow: { path } })
    await elsewhere.close()
    expect([await isTrusted(), trusted.trusted]).toEqual([true, false])
  })

  it('does not move with a text to another place', async () => {
    await engine.request('file.write', { path, text: flowOf('true'), expected: null })
    expect(
      (await engine.request('trust.get', { flow: { path: 'elsewhere.flow.json', text: flowOf('true') } })).trusted,
    ).toBe(false)
  })

  it('comes with the shipped text of a template', async () => {
    const [template] = await listTemplates()
    if (!template) throw new Error('no templates are shipped')
    const text = await readTemplateFlow(template)
    expect((await engine.request('trust.get', { flow: { path: 'x.flow.json', text } })).trusted).toBe(true)
    const other = text.replace('"nodes"', '"env": ["HOME"], "nodes"')
    expect((await engine.request('trust.get', { flow: { path: 'x.flow.json', text: other } })).trusted).toBe(false)
  })

  it('is nothing where its file is damaged', async () => {
    await engine.request('file.write', { path, text: flowOf('true'), expected: null })
    await writeFile(join(engine.workspace.data, 'trust.json'), '{"format":"switchyard.trust/1","flows":[]')
    const fresh = await engine.reopen()
    expect((await fresh.request('trust.get', { flow: { path } })).trusted).toBe(false)
  })
})

describe('starting a run', () => {
  it('is refused before any event for a flow that is not trusted', async () => {
    await writeFromOutside(flowOf('touch ran', { env: ['HOME'] }))
    expect(await engine.request('run.start', { flow: { path }, input: {} })).toEqual({
      untrusted: { services: ['shell'], env: ['HOME'] },
    })
    expect(await engine.request('run.list', {})).toEqual({ runs: [] })
  })

  it('is allowed for this run alone where the person says so', async () => {
    await writeFromOutside(flowOf('true'))
    const started = await engine.request('run.start', { flow: { path }, input: {}, trust: true })
    if (!('runId' in started)) throw new Error('refused')
    expect(await engine.request('run.settled', { runId: started.runId })).toMatchObject({ status: 'completed' })
    expect(await isTrusted()).toBe(false)
  })

  it('takes an edit that is not journaled yet for the gesture it is', async () => {
    await engine.request('file.write', { path, text: flowOf('true'), expected: null })
    expect(
      await engine.request('run.start', { flow: { path, text: flowOf('echo edited') }, input: {} }),
    ).toHaveProperty('runId')
    await writeFromOutside(flowOf('touch ran'))
    expect(await engine.request('run.start', { flow: { path, text: flowOf('touch ran') }, input: {} })).toHaveProperty(
      'untrusted',
    )
    await rm(join(engine.workspace.root, path))
    expect(await engine.request('run.start', { flow: { path, text: flowOf('touch ran') }, input: {} })).toHaveProperty(
      'untrusted',
    )
  })

  it('takes no text with pasted parts for a gesture, until it is trusted', async () => {
    await engine.request('file.write', { path, text: flowOf('true'), expected: null })
    const flow = { path, text: flowOf('touch ran'), origin: 'import' } as const
    expect(await engine.request('run.start', { flow, input: {} })).toHaveProperty('untrusted')
    expect(await engine.request('run.start', { flow: { ...flow, text: flowOf('true') }, input: {} })).toHaveProperty(
      'runId',
    )
    const text = flowOf('echo pasted')
    await engine.request('trust.grant', { flow: { path, text } })
    expect(await engine.request('run.start', { flow: { ...flow, text }, input: {} })).toHaveProperty('runId')
  })

  it('needs no trust where nothing outside is reached', async () => {
    const text = JSON.stringify({
      format: 'switchyard.flow/1',
      name: 'x',
      nodes: { start: { kind: 'start' } },
      edges: [],
    })
    await writeFromOutside(text)
    expect(await engine.request('run.start', { flow: { path }, input: {} })).toHaveProperty('runId')
  })
})
