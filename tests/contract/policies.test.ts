import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../model/json.ts'
import { flowText, nodesOf, runEvents, runJson, switchyard, validateJson, workspaceWith } from '../support/runFlow.ts'
import { boom, code, ret, set, start, wait, when } from '../support/shortNodes.ts'

describe('policies (rule 1.4)', () => {
  it('passes the input of a disabled node through on out', async () => {
    const text = flowText(
      { start, a: set({ v: 1 }), off: set({ v: 2 }, { disabled: true }), done: ret('{{ prev }}') },
      ['start -> a', 'a -> off', 'off -> done'],
    )
    expect((await runJson(text)).result['output']).toEqual({ v: 1 })
  })

  it('finishes a disabled decision on the port named, and asks for one', async () => {
    const nodes = (disabled: boolean | JsonObject): JsonObject => ({
      start,
      q: when(true, { disabled: disabled as JsonObject }),
      no: ret('no'),
      yes: ret('yes'),
    })
    const edges = ['start -> q', 'q:true -> yes', 'q:false -> no']
    expect((await runJson(flowText(nodes({ port: 'false' }), edges))).result['output']).toBe('no')
    const refused = await validateJson(flowText(nodes(true), edges))
    expect(refused.exit).toBe(2)
    expect(refused.diagnostics).toContainEqual(expect.objectContaining({ code: 'port-needed', node: 'q' }))
  })

  it('uses a pinned output instead of running the node', async () => {
    const text = flowText({ start, b: boom(), done: ret('{{ prev.v }}') }, ['start -> b', 'b -> done'], {
      pins: { b: { port: 'out', output: { v: 9 } } },
    })
    expect((await runJson(text)).result['output']).toBe(9)
  })

  it('finishes a pinned decision on its pinned port', async () => {
    const text = flowText(
      { start, q: when(true), yes: ret('yes'), no: ret('no') },
      ['start -> q', 'q:true -> yes', 'q:false -> no'],
      { pins: { q: { port: 'false', output: null } } },
    )
    expect((await runJson(text)).result['output']).toBe('no')
  })

  it('goes on with null after a failure under onError continue', async () => {
    const text = flowText(
      {
        start,
        b: boom({ policy: { onError: 'continue' } }),
        done: ret({ v: '{{ nodes.b.output }}', code: '{{ nodes.b.error.code }}', prev: '{{ prev }}' }),
      },
      ['start -> b', 'b -> done'],
    )
    expect((await runJson(text)).result['output']).toEqual({ v: null, code: 'expression-failed', prev: null })
  })

  it('runs a node once per item, outputs in item order', async () => {
    const text = flowText(
      {
        start,
        e: set(
          { v: '{{ item * 2 }}', i: '{{ index }}' },
          { policy: { each: { items: '{{ input.list }}', concurrency: 2 } } },
        ),
        done: ret('{{ prev }}'),
      },
      ['start -> e', 'e -> done'],
    )
    expect((await runJson(text, ['--input', 'list=[3,4,5]'])).result['output']).toEqual([
      { v: 6, i: 0 },
      { v: 8, i: 1 },
      { v: 10, i: 2 },
    ])
  })

  it('gives an empty list for no items', async () => {
    const text = flowText({ start, e: set({}, { policy: { each: { items: [] } } }), done: ret('{{ prev }}') }, [
      'start -> e',
      'e -> done',
    ])
    expect((await runJson(text)).result['output']).toEqual([])
  })

  it('fails the node with the first item that fails', async () => {
    const text = flowText(
      {
        start,
        e: code('if (item === 2) throw new Error("two"); return item', { policy: { each: { items: [1, 2, 3] } } }),
      },
      ['start -> e'],
    )
    expect((await runJson(text)).result).toMatchObject({ status: 'failed', error: { node: 'e' } })
  })

  it.each<[string, JsonObject, string]>([
    [
      'each on a kind with several ports',
      { kind: 'if', data: { condition: true }, policy: { each: { items: [1] } } },
      'bad-policy',
    ],
    [
      'onError continue on a kind without out',
      { kind: 'if', data: { condition: true }, policy: { onError: 'continue' } },
      'port-needed',
    ],
    [
      'a compensator that does not exist',
      { kind: 'set', data: { values: {} }, policy: { compensate: 'nobody' } },
      'unknown-node',
    ],
  ])('refuses %s', async (_name, node, expected) => {
    const { exit, codes } = await validateJson(flowText({ start, n: node }, ['start -> n']))
    expect(exit).toBe(2)
    expect(codes).toContain(expected)
  })

  it('stops an attempt at its timeout', async () => {
    const text = flowText({ start, hang: code('for (;;) {}', { policy: { timeout: '200ms' } }) }, ['start -> hang'])
    const { exit, result } = await runJson(text)
    expect(exit).toBe(1)
    expect(result).toMatchObject({ status: 'failed', error: { code: 'timeout', node: 'hang' } })
  })

  it('takes a result again for equal settings, at once and in later runs', async () => {
    const node = {
      kind: 'shell',
      data: { command: ['sh', '-c', 'echo {{ item }} >> f; cat f'] },
      policy: { cache: '1h', each: { items: [1, 1, 2] } },
    }
    const { dir, file } = await workspaceWith(
      flowText({ start, e: node, done: ret('{{ prev.map((one) => one.stdout) }}') }, ['start -> e', 'e -> done']),
    )
    for (let i = 0; i < 2; i++) {
      const { stdout } = await switchyard(['run', file, '--json', '--trust', '--workspace', dir])
      expect(JSON.parse(stdout)).toMatchObject({ output: ['1\n', '1\n', '1\n2\n'] })
    }
  })

  it('gives up a wait at its timeout, attempt by attempt', async () => {
    const text = flowText(
      {
        start,
        w: wait('1h', { policy: { timeout: '30ms', retry: { max: 2, delay: '1ms' } } }),
        late: ret('{{ prev.code }}'),
      },
      ['start -> w', 'w:error -> late'],
    )
    const { events } = await runEvents(text)
    expect(nodesOf(events, 'node.retrying')).toEqual(['w'])
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', output: 'timeout' })
  })

  it('starts a node whose settings cannot be evaluated, and fails it', async () => {
    const { events } = await runEvents(flowText({ start, a: set({ v: '{{ input.no.where }}' }) }, ['start -> a']))
    expect(events.filter((event) => event['node'] === 'a')).toMatchObject([
      { type: 'node.started', visit: 1 },
      { type: 'node.failed', visit: 1, error: { attempt: 1 } },
    ])
  })

  it('compensates finished nodes in reverse order after a failure', async () => {
    const text = flowText(
      {
        start,
        a: set({ v: 'a' }, { policy: { compensate: 'undoA' } }),
        b: set({ v: 'b' }, { policy: { compensate: 'undoB' } }),
        bad: boom(),
        undoA: { kind: 'log', data: { message: 'undo {{ prev.v }}' } },
        undoB: { kind: 'log', data: { message: 'undo {{ prev.v }}' } },
      },
      ['start -> a', 'a -> b', 'b -> bad'],
    )
    const { exit, events } = await runEvents(text)
    expect(exit).toBe(1)
    expect(nodesOf(events, 'node.finished').slice(-2)).toEqual(['undoB', 'undoA'])
    expect(events.filter((event) => event.type === 'log').map((event) => event['message'])).toEqual([
      'undo b',
      'undo a',
    ])
    expect(events.at(-1)?.type).toBe('run.failed')
  })
})

describe('retries (rule 5.1)', () => {
  it('retries a retryable failure and records each attempt', async () => {
    let calls = 0
    const keys = new Set<string>()
    const server = createServer((request, response) => {
      keys.add(String(request.headers['idempotency-key']))
      response.statusCode = ++calls < 3 ? 503 : 200
      response.setHeader('content-type', 'application/json')
      response.end('{"ok":true}')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const text = flowText(
      {
        start,
        get: {
          kind: 'http',
          data: { method: 'POST', url: `http://127.0.0.1:${port}/` },
          policy: { retry: { max: 5, delay: '5ms', factor: 2 } },
        },
        done: ret('{{ prev.body.ok }}'),
      },
      ['start -> get', 'get -> done'],
    )
    const { exit, events } = await runEvents(text, ['--trust'])
    server.close()
    expect(exit).toBe(0)
    expect(events.filter((event) => event.type === 'node.retrying').map((event) => event['attempt'])).toEqual([2, 3])
    expect(events.filter((event) => event.type === 'effect.intended')).toHaveLength(3)
    expect(keys.size).toBe(1)
    expect([...keys][0]).toBe(`${String(events[0]?.runId)}/get#1`)
  })

  it('does not retry what is not retryable unless its code is named', async () => {
    const plain = flowText({ start, b: boom({ policy: { retry: { max: 3, delay: '1ms' } } }) }, ['start -> b'])
    expect(nodesOf((await runEvents(plain)).events, 'node.retrying')).toEqual([])
    const named = flowText(
      { start, b: boom({ policy: { retry: { max: 3, delay: '1ms', on: ['expression-failed'] } } }) },
      ['start -> b'],
    )
    expect(nodesOf((await runEvents(named)).events, 'node.retrying')).toEqual(['b', 'b'])
  })
})

describe('kinds (KINDS)', () => {
  it('waits for a duration and says how long', async () => {
    const { result } = await runJson(
      flowText({ start, w: wait('30ms'), done: ret('{{ prev.waitedMs >= 30 }}') }, ['start -> w', 'w -> done']),
    )
    expect(result['output']).toBe(true)
  })

  it('chooses a case of a switch by value, by condition, or the default', async () => {
    const text = flowText(
      {
        start,
        s: {
          kind: 'switch',
          data: {
            value: '{{ input.v }}',
            cases: [
              { port: 'one', equals: 1 },
              { port: 'big', when: '{{ input.v > 10 }}' },
            ],
          },
        },
        one: ret('one'),
        big: ret('big'),
        other: ret('other'),
      },
      ['start -> s', 's:one -> one', 's:big -> big', 's:default -> other'],
    )
    for (const [v, expected] of [
      [1, 'one'],
      [11, 'big'],
      [5, 'other'],
    ] as const) {
      expect((await runJson(text, ['--input', `v=${v}`])).result['output']).toBe(expected)
    }
  })

  it('writes a log event and passes the message on', async () => {
    const { events } = await runEvents(
      flowText({ start, l: { kind: 'log', data: { message: 'hi {{ input.n }}', level: 'warn' } } }, ['start -> l']),
      ['--input', 'n=1'],
    )
    expect(events).toContainEqual(expect.objectContaining({ type: 'log', level: 'warn', message: 'hi 1' }))
    expect(events.at(-1)).toMatchObject({ output: 'hi 1' })
  })

  it('runs a process by its argument list, without a shell', async () => {
    const text = flowText(
      { start, s: { kind: 'shell', data: { command: ['printf', '%s', '{{ input.x }}'] } }, done: ret('{{ prev }}') },
      ['start -> s', 's -> done'],
    )
    const { result } = await runJson(text, ['--trust', '--input', 'x="$(id); a b"'])
    expect(result['output']).toMatchObject({ exitCode: 0, stdout: '$(id); a b', stderr: '' })
  })

  it('refuses a command line without shell: true', async () => {
    const { exit, codes } = await validateJson(
      flowText({ start, s: { kind: 'shell', data: { command: 'echo hi' } } }, ['start -> s']),
    )
    expect(exit).toBe(2)
    expect(codes.length).toBeGreaterThan(0)
  })

  it('writes, reads and lists files of the workspace', async () => {
    const text = flowText(
      {
        start,
        w: { kind: 'write-file', data: { path: 'out/a.txt', content: 'hello', mode: 'create' } },
        r: { kind: 'read-file', data: { path: 'out/a.txt' } },
        l: { kind: 'list-files', data: { dir: 'out', glob: '*.txt' } },
        done: ret({
          content: '{{ nodes.r.output.content }}',
          size: '{{ nodes.w.output.size }}',
          files: '{{ prev.files.length }}',
        }),
      },
      ['start -> w', 'w -> r', 'r -> l', 'l -> done'],
    )
    expect((await runJson(text, ['--trust'])).result['output']).toEqual({ content: 'hello', size: 5, files: 1 })
  })

  it('refuses a path outside the workspace', async () => {
    const text = flowText({ start, r: { kind: 'read-file', data: { path: '/etc/hostname' } } }, ['start -> r'])
    expect((await runJson(text, ['--trust'])).result).toMatchObject({
      status: 'failed',
      error: { code: 'file-outside', node: 'r' },
    })
  })

  it('fails as http-network where nobody listens and as http-<status> on a bad status', async () => {
    const text = (url: string): string => flowText({ start, g: { kind: 'http', data: { url } } }, ['start -> g'])
    expect((await runJson(text('http://127.0.0.1:9/'), ['--trust'])).result).toMatchObject({
      error: { code: 'http-network' },
    })
    const server = createServer((_request, response) => response.writeHead(404).end('no'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    expect((await runJson(text(`http://127.0.0.1:${port}/x`), ['--trust'])).result).toMatchObject({
      error: { code: 'http-404' },
    })
    server.close()
  })

  it('says in one sentence what to do without a key and without a local model', async () => {
    const text = flowText({ start, m: { kind: 'llm', data: { model: 'openai/gpt-5-mini', prompt: 'hi' } } }, [
      'start -> m',
    ])
    const { dir: _dir, result } = await runJson(text, ['--trust'])
    expect(result).toMatchObject({ status: 'failed', error: { node: 'm' } })
    const error = result['error'] as JsonObject
    expect(['model-no-key', 'model-unreachable']).toContain(error['code'])
    expect(String(error['message'])).toMatch(/OPENAI_API_KEY|Ollama/)
  })
})
