import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createMachine } from 'xstate'
import type { JsonObject } from '../../model/json.ts'
import {
  bin,
  flowText,
  nodesOf,
  runEvents,
  runJson,
  switchyard,
  validateJson,
  workspaceWith,
  type EventLine,
} from '../support/runFlow.ts'
import { boom, ret, set, start, wait, when } from '../support/shortNodes.ts'

const hello = flowText({ start, done: ret({ hello: '{{ input.name }}', n: '{{ input.n }}' }) }, ['start -> done'], {
  inputs: {
    type: 'object',
    properties: { name: { type: 'string', default: 'world' }, n: { type: 'integer' } },
    required: ['n'],
  },
})

describe('run (rules 11, 11.1 to 11.3)', () => {
  it('prints the output alone without --json', async () => {
    const { dir, file } = await workspaceWith(hello)
    const done = await switchyard(['run', file, '--workspace', dir, '--input', 'n=3'])
    expect(done.exit).toBe(0)
    expect(JSON.parse(done.stdout)).toEqual({ hello: 'world', n: 3 })
  })

  it('prints one document with --json', async () => {
    const { exit, result } = await runJson(hello, ['--input', 'n=3', '--input', 'name=42'])
    expect(exit).toBe(0)
    expect(result).toMatchObject({ status: 'completed', output: { hello: '42', n: 3 } })
    expect(typeof result['runId']).toBe('string')
    expect(typeof result['durationMs']).toBe('number')
  })

  it('reads inputs from a file', async () => {
    const { dir, file } = await workspaceWith(hello)
    await writeFile(join(dir, 'in.json'), '{"n": 5, "name": "file"}')
    const done = await switchyard(['run', file, '--json', '--workspace', dir, '--input-file', join(dir, 'in.json')])
    expect(JSON.parse(done.stdout)).toMatchObject({ output: { hello: 'file', n: 5 } })
  })

  it.each([
    ['a missing required input', []],
    ['an input of the wrong type', ['--input', 'n=many']],
    ['an input without a value', ['--input', 'n']],
  ])('exits 2 with diagnostics for %s', async (_name, args) => {
    const { exit, result } = await runJson(hello, args)
    expect(exit).toBe(2)
    expect(Array.isArray(result['diagnostics']) && result['diagnostics'].length > 0).toBe(true)
  })

  it('refuses inputs that nest without end', async () => {
    const { dir, file } = await workspaceWith(hello)
    const deep = `{"n": 1, "x": ${'['.repeat(20_000)}${']'.repeat(20_000)}}`
    await writeFile(join(dir, 'in.json'), deep)
    const done = await switchyard(['run', file, '--json', '--workspace', dir, '--input-file', join(dir, 'in.json')])
    expect(done.exit).toBe(2)
    expect(JSON.parse(done.stdout)).toMatchObject({ diagnostics: [{ code: 'bad-input' }] })
    expect(done.stderr).not.toMatch(/\n\s+at /)
  })

  it('prints one event per line with --events, numbered without gaps, and nothing else', async () => {
    const { exit, events } = await runEvents(hello, ['--input', 'n=1'])
    expect(exit).toBe(0)
    expect(events.map((event) => event.seq)).toEqual(events.map((_event, i) => i + 1))
    expect(events.map((event) => event.type)).toEqual([
      'run.started',
      'node.started',
      'node.finished',
      'node.started',
      'node.finished',
      'run.finished',
    ])
    expect(new Set(events.map((event) => event.runId)).size).toBe(1)
    expect(events[2]).toMatchObject({ node: 'start', visit: 1, port: 'out', output: { n: 1, name: 'world' } })
  })

  it('lets no text of a flow steer the terminal', async () => {
    const evil = '\u001B]0;title\u0007\u001B[2J\nsecond\u202Eline'
    const nodes = { start, f: { kind: 'fail', label: evil, data: { code: 'evil', message: evil } } }
    const { dir, file } = await workspaceWith(flowText(nodes, ['start -> f']))
    const done = await switchyard(['run', file, '--workspace', dir])
    expect(done.exit).toBe(1)
    expect(done.stderr).toContain('second')
    expect(done.stderr.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\u202E/u)
  })

  it('runs to its end although nobody reads it any more', async () => {
    const { dir, file } = await workspaceWith(flowText({ start, w: wait('500ms') }, ['start -> w']))
    const child = spawn(process.execPath, [bin, 'run', file, '--events', '--workspace', dir], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stdout.once('data', () => {
      child.stdout.destroy()
      child.stderr.destroy()
    })
    const [exit] = (await once(child, 'close')) as [number | null]
    const listed = JSON.parse((await switchyard(['runs', 'list', '--json', '--workspace', dir])).stdout) as JsonObject
    expect([exit, listed]).toMatchObject([0, { runs: [{ status: 'completed' }] }])
  })

  it('exits 1 when the run fails, with code, message and node', async () => {
    const { exit, result } = await runJson(flowText({ start, b: boom() }, ['start -> b']))
    expect(exit).toBe(1)
    expect(result).toMatchObject({ status: 'failed', output: null, error: { code: 'expression-failed', node: 'b' } })
  })

  it('exits 2 on a bad flow, a missing file, a folder, and unknown usage', async () => {
    const bad = await runJson(flowText({ start, a: { kind: 'nothing-like-it' } }, ['start -> a']))
    expect(bad.exit).toBe(2)
    expect(bad.result['diagnostics']).toContainEqual(expect.objectContaining({ code: 'unknown-kind', node: 'a' }))
    const { dir } = await workspaceWith(hello)
    for (const args of [
      ['run', join(dir, 'none.flow.json')],
      ['run', dir],
      ['run'],
      ['fly'],
      ['run', '--no-such-option'],
    ]) {
      const done = await switchyard([...args, '--workspace', dir])
      expect([args, done.exit]).toEqual([args, 2])
      expect(done.stderr).not.toBe('')
      expect(done.stderr).not.toMatch(/\n\s+at /)
    }
  })

  it.each<[string, JsonObject, JsonObject]>([
    ['http', { kind: 'http', data: { url: 'http://127.0.0.1:9/' } }, {}],
    ['shell', { kind: 'shell', data: { command: ['true'] } }, {}],
    ['files', { kind: 'write-file', data: { path: 'x', content: 'x' } }, {}],
    ['a model', { kind: 'llm', data: { model: 'openai/x', prompt: 'x' } }, {}],
    ['the environment', set({}), { env: ['HOME'] }],
  ])('exits 3 before any event where an untrusted flow needs %s', async (_name, node, more) => {
    const text = flowText({ start, n: node }, ['start -> n'], more)
    const { exit, events } = await runEvents(text)
    expect([exit, events]).toEqual([3, []])
    const { dir, file } = await workspaceWith(text)
    await switchyard(['run', file, '--workspace', dir])
    expect((await readdir(dir)).filter((name) => name === 'x')).toEqual([])
    const listed = await switchyard(['runs', 'list', '--json', '--workspace', dir])
    expect(JSON.parse(listed.stdout)).toEqual({ runs: [] })
  })

  it('sits through timers', async () => {
    expect((await runJson(flowText({ start, w: wait('300ms') }, ['start -> w']))).result).toMatchObject({
      status: 'completed',
    })
  })
})

describe('validate and compile', () => {
  it.each<[string, JsonObject, string[], JsonObject, string]>([
    ['an unknown kind', { start, a: { kind: 'zzz' } }, ['start -> a'], {}, 'unknown-kind'],
    ['an unknown port', { start, a: set({}) }, ['start:side -> a'], {}, 'unknown-port'],
    ['an unknown target port', { start, a: set({}) }, ['start -> a:left'], {}, 'unknown-port'],
    ['an unknown node', { start, a: set({}) }, ['start -> b', 'start -> a'], {}, 'unknown-node'],
    ['a missing field', { start, a: { kind: 'http', data: {} } }, ['start -> a'], {}, 'missing-field'],
    ['a duplicate edge', { start, a: set({}) }, ['start -> a', 'start:out -> a:in'], {}, 'duplicate-edge'],
    [
      'a supplier with tokens',
      {
        start,
        a: { kind: 'agent', data: { model: 'openai/x', instructions: 'x', input: 'x' } },
        t: { kind: 'http', data: { url: 'http://127.0.0.1/' } },
      },
      ['start -> a', 't -> a:tools', 'start -> t'],
      {},
      'supplier-with-tokens',
    ],
  ])('names %s', async (_name, nodes, edges, more, expected) => {
    const { exit, codes } = await validateJson(flowText(nodes, edges, more))
    expect(exit).toBe(2)
    expect(codes).toContain(expected)
  })

  it('warns of a value read where nothing set it, with the path, and runs all the same', async () => {
    const nodes = (value: string): JsonObject => ({
      start,
      q: when('{{ input.x }}'),
      a: set({ v: 1 }),
      done: ret(value),
    })
    const edges = ['start -> q', 'q:true -> a', 'a -> done', 'q:false -> done']
    const warned = await validateJson(flowText(nodes('{{ nodes.a.output.v }}'), edges))
    expect(warned.exit).toBe(0)
    const found = warned.diagnostics.find((d) => d['code'] === 'reads-unset')
    expect(found).toMatchObject({ severity: 'warning', node: 'done' })
    expect(found?.['path']).toBeInstanceOf(Array)
    for (const exempt of ['{{ nodes.a.output?.v }}', '{{ nodes.a.output ?? 1 }}']) {
      expect((await validateJson(flowText(nodes(exempt), edges))).codes).not.toContain('reads-unset')
    }
  })

  it('validates several files at once', async () => {
    const { dir, file } = await workspaceWith(hello)
    await writeFile(join(dir, 'bad.flow.json'), '{')
    const done = await switchyard(['validate', file, join(dir, 'bad.flow.json'), '--json', '--workspace', dir])
    expect(done.exit).toBe(2)
    const { diagnostics } = JSON.parse(done.stdout) as { diagnostics: { code: string; file: string }[] }
    expect(diagnostics.map((d) => d.code)).toEqual(['bad-json'])
  })

  it('keeps unknown fields and never rewrites a file it runs or validates', async () => {
    const text = flowText({ start, a: set({}, { note: 'mine' }) }, ['start -> a'], { owner: 'me' }).replace(
      /\n/g,
      '\n ',
    )
    const { dir, file } = await workspaceWith(text)
    await switchyard(['validate', file, '--workspace', dir])
    const run = await switchyard(['run', file, '--workspace', dir])
    expect(run.exit).toBe(0)
    expect(await readFile(file, 'utf8')).toBe(text)
  })

  it('compiles to the same bytes each time, a machine that XState takes as it is', async () => {
    const text = flowText({ start, q: when('{{ input.x }}'), a: set({}), b: set({}), done: ret(1) }, [
      'start -> q',
      'q:true -> a',
      'q:false -> b',
      'a -> done',
      'b -> done',
    ])
    const { dir, file } = await workspaceWith(text)
    const first = await switchyard(['compile', file, '--workspace', dir])
    const second = await switchyard(['compile', file, '--workspace', dir, '--format', 'json'])
    expect(first.exit).toBe(0)
    expect(second.stdout).toBe(first.stdout)
    const machine = createMachine(JSON.parse(first.stdout) as object)
    expect(JSON.stringify(machine.config)).toContain('"q"')
    for (const format of ['ts', 'mermaid']) {
      const printed = await switchyard(['compile', file, '--workspace', dir, '--format', format])
      expect([format, printed.exit, printed.stdout.length > 50]).toEqual([format, 0, true])
    }
  })
})

describe('the run store (rules 11, 11.4)', () => {
  it('lists, shows, exports and replays runs', async () => {
    const { dir, file } = await workspaceWith(hello)
    const done = await switchyard(['run', file, '--json', '--workspace', dir, '--input', 'n=1'])
    const { runId } = JSON.parse(done.stdout) as { runId: string }
    const list = JSON.parse((await switchyard(['runs', 'list', '--json', '--workspace', dir])).stdout) as {
      runs: JsonObject[]
    }
    expect(list.runs).toEqual([expect.objectContaining({ runId, status: 'completed' })])
    expect(String(list.runs[0]?.['flow'])).toContain('case.flow.json')
    expect((await switchyard(['runs', 'show', runId, '--workspace', dir])).stdout).toContain(runId)
    expect((await switchyard(['runs', 'export', runId, '--workspace', dir])).exit).toBe(0)
    const replay = await switchyard(['runs', 'replay', runId, '--json', '--workspace', dir])
    expect(replay.exit).toBe(0)
    for (const [at, exit] of [
      ['3', 0],
      ['6', 0],
      ['7', 2],
      ['0', 2],
    ] as const) {
      expect([at, (await switchyard(['runs', 'fork', runId, '--at', at, '--json', '--workspace', dir])).exit]).toEqual([
        at,
        exit,
      ])
    }
    expect((await switchyard(['runs', 'show', 'nope', '--workspace', dir])).exit).toBe(2)
  })

  it('keeps runs in the workspace named and nowhere else', async () => {
    const { dir, file } = await workspaceWith(hello)
    const other = join(dir, 'elsewhere')
    await mkdir(other)
    await switchyard(['run', file, '--workspace', other, '--input', 'n=1'], { cwd: dir })
    expect(await readdir(dir)).not.toContain('.switchyard')
    expect(await readdir(other)).toContain('.switchyard')
  })
})

describe('run --pause-at (rule 11)', () => {
  const text = flowText(
    { start, before: set({ v: 1 }), stop: set({ v: '{{ prev.v + 1 }}' }), done: ret('{{ prev.v }}') },
    ['start -> before', 'before -> stop', 'stop -> done'],
  )

  it('stops before the node starts, exits 4, and goes on when it is resumed', async () => {
    const { dir, file } = await workspaceWith(text)
    const stopped = await switchyard(['run', file, '--events', '--pause-at', 'stop', '--workspace', dir])
    const events = stopped.stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as EventLine)
    expect(stopped.exit).toBe(4)
    expect(nodesOf(events, 'node.started')).toEqual(['start', 'before'])
    expect(events.at(-1)).toMatchObject({ type: 'run.waiting', on: ['stop'] })
    const resumed = await switchyard(['runs', 'resume', events[0]?.runId ?? '', '--json', '--workspace', dir])
    expect([resumed.exit, JSON.parse(resumed.stdout)]).toMatchObject([0, { status: 'completed', output: 2 }])
    const replay = await switchyard(['runs', 'replay', events[0]?.runId ?? '', '--workspace', dir])
    expect(replay.exit).toBe(0)
  })

  it('refuses a node that is not in the flow', async () => {
    const { exit, result } = await runJson(text, ['--pause-at', 'nobody'])
    expect(exit).toBe(2)
    expect(result['diagnostics']).toContainEqual(expect.objectContaining({ code: 'unknown-node' }))
  })
})
