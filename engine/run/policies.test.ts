import { readFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { awaitEvent, linesOf } from '../../tests/support/awaitEvent.ts'
import { openLocalRuns, type LocalRuns } from '../../tests/support/localRuns.ts'
import { boom, code, ret, set, start, wait } from '../../tests/support/shortNodes.ts'
import { TestClock } from '../../tests/support/testClock.ts'
import type { JsonObject } from '../../model/json.ts'

// Real processes and a real disk: slow where the machine is busy.
vi.setConfig({ testTimeout: 30_000 })

let runs: LocalRuns
let clock: TestClock

beforeEach(async () => {
  clock = new TestClock()
  runs = await openLocalRuns({ clock, random: () => 0.5 })
})

afterEach(() => runs[Symbol.asyncDispose]())

const shell = (script: string, more: JsonObject = {}): JsonObject => ({
  kind: 'shell',
  data: { command: ['sh', '-c', script] },
  ...more,
})

describe('retries', () => {
  it('repeat a recorded failure with growing delays, the key kept and the jitter recorded', async () => {
    const retry = { max: 3, delay: '1s', factor: 2, jitter: 0.5, on: ['shell-exit'] }
    const nodes = {
      start,
      s: shell(
        'echo "$SWITCHYARD_EFFECT_KEY $SWITCHYARD_EFFECT_ATTEMPT" >> log; [ "$SWITCHYARD_EFFECT_ATTEMPT" = 3 ]',
        { policy: { retry } },
      ),
    }
    const runId = await runs.start(nodes, ['start -> s'])
    for (const [attempt, delay] of [
      [2, 750],
      [3, 1500],
    ] as const) {
      const event = await awaitEvent(runs.host, runId, (one) => one.type === 'node.retrying' && one.attempt === attempt)
      expect(event.type === 'node.retrying' && Date.parse(event.resumeAt) - clock.now()).toBe(delay)
      clock.advance(delay)
    }
    expect(await runs.host.settled(runId)).toMatchObject({ status: 'completed', output: { exitCode: 0 } })
    expect(await readFile(runs.folder.at('log'), 'utf8')).toBe(
      [1, 2, 3].map((n) => `${runId}/s#1 ${String(n)}\n`).join(''),
    )
  })

  it('leave a failure alone that is neither named nor retryable', async () => {
    const result = await runs.run({ start, b: boom({ policy: { retry: { max: 3 } } }) }, ['start -> b'])
    expect(linesOf(result.events, 'node.retrying')).toEqual([])
    expect(result.error).toMatchObject({ code: 'expression-failed', attempt: 1 })
  })

  it('go on when the engine was off at the time', async () => {
    const retry = { max: 2, delay: '1h', on: ['shell-exit'] }
    const runId = await runs.start({ start, s: shell('[ "$SWITCHYARD_EFFECT_ATTEMPT" = 2 ]', { policy: { retry } }) }, [
      'start -> s',
    ])
    await awaitEvent(runs.host, runId, (event) => event.type === 'node.retrying')
    const host = await runs.reopen()
    clock.advance(7_200_000)
    expect(await host.resumeRuns()).toEqual([runId])
    expect(await host.settled(runId)).toMatchObject({ status: 'completed' })
  })
})

describe('timeouts', () => {
  it('end an attempt and leave a failure that may be retried', async () => {
    const runId = await runs.start({ start, s: shell('touch begun; sleep 60', { policy: { timeout: '5s' } }) }, [
      'start -> s',
    ])
    await awaitEvent(runs.host, runId, (event) => event.type === 'effect.intended')
    await new Promise((resolve) => setImmediate(resolve))
    clock.advance(5000)
    expect(await runs.host.settled(runId)).toMatchObject({
      status: 'failed',
      error: { code: 'timeout', retryable: true, node: 's' },
    })
  })
})

describe('waits', () => {
  it('last until an absolute time, across restarts', async () => {
    const runId = await runs.start({ start, w: wait('2h'), done: ret('{{ prev.waitedMs }}') }, [
      'start -> w',
      'w -> done',
    ])
    await awaitEvent(runs.host, runId, (event) => event.type === 'node.waiting')
    clock.advance(3_600_000)
    const host = await runs.reopen()
    await host.resumeRuns()
    clock.advance(3_600_000)
    expect(await host.settled(runId)).toMatchObject({ status: 'completed', output: 7_200_000 })
  })

  it('leave their slot to others', async () => {
    const nodes = { start, w: wait('1h'), a: set({ v: 1 }), b: set({ v: 2 }) }
    const runId = await runs.start(nodes, ['start -> w', 'start -> a', 'a -> b'], { more: { concurrency: 1 } })
    await awaitEvent(runs.host, runId, (event) => event.type === 'node.finished' && event.node === 'b')
    clock.advance(3_600_000)
    expect(await runs.host.settled(runId)).toMatchObject({
      status: 'completed',
      output: { w: { waitedMs: 3_600_000 }, b: { v: 2 } },
    })
  })
})

describe('each', () => {
  it('runs items side by side as far as allowed, with keys of their own, and lists outputs in item order', async () => {
    const policy = { each: { items: '{{ input.list }}', concurrency: 2 } }
    const nodes = {
      start,
      e: shell('echo "$SWITCHYARD_EFFECT_KEY" >> keys; printf %s "$V"', {
        data: {
          command: ['sh', '-c', 'echo "$SWITCHYARD_EFFECT_KEY" >> keys; printf %s "$V"'],
          env: { V: '{{ item }}' },
        },
        policy,
      }),
      done: ret({ all: '{{ prev }}' }),
    }
    const result = await runs.run(nodes, ['start -> e', 'e -> done'], { input: { list: ['x', 'y', 'z'] } })
    expect(result.output).toMatchObject({ all: [{ stdout: 'x' }, { stdout: 'y' }, { stdout: 'z' }] })
    const keys = (await readFile(runs.folder.at('keys'), 'utf8')).trim().split('\n').sort()
    expect(keys).toEqual([0, 1, 2].map((i) => `${result.runId}/e#1[${String(i)}]`))
    expect(linesOf(result.events, 'node.started').slice(1, 4)).toEqual([
      'node.started e#1',
      'node.started e[0]#1',
      'node.started e[1]#1',
    ])
  })

  it('fails with the first item that fails for good and cancels the others', async () => {
    const policy = { each: { items: [1, 2, 3], concurrency: 3 } }
    const nodes = {
      start,
      e: {
        kind: 'shell',
        data: { command: ['sh', '-c', '[ "$V" = 2 ] || sleep 60'], env: { V: '{{ item }}' }, expectExit: [1] },
        policy,
      },
    }
    const result = await runs.run(nodes, ['start -> e'])
    expect(result).toMatchObject({ status: 'failed', error: { code: 'shell-exit', node: 'e' } })
    expect(linesOf(result.events, 'node.cancelled')).toEqual(['node.cancelled e[0]#1', 'node.cancelled e[2]#1'])
  })

  it('refuses items that are no list', async () => {
    const result = await runs.run({ start, e: set({}, { policy: { each: { items: '{{ input }}' } } }) }, ['start -> e'])
    expect(result.error).toMatchObject({ code: 'bad-items' })
  })
})

describe('what goes on in spite of a failure', () => {
  it('takes the error edge with the failure as prev', async () => {
    const result = await runs.run({ start, b: boom(), caught: ret('{{ prev.code }}') }, [
      'start -> b',
      'b:error -> caught',
    ])
    expect(result).toMatchObject({ status: 'completed', output: 'expression-failed' })
  })

  it('passes null on under onError continue', async () => {
    const nodes = {
      start,
      b: boom({ policy: { onError: 'continue' } }),
      done: ret({ prev: '{{ prev }}', code: '{{ nodes.b.error.code }}' }),
    }
    expect((await runs.run(nodes, ['start -> b', 'b -> done'])).output).toEqual({
      prev: null,
      code: 'expression-failed',
    })
  })

  it('undoes what was done, newest first, and fails all the same', async () => {
    const undo = (name: string): JsonObject =>
      shell(`echo "${name} $V" >> undone`, {
        data: { command: ['sh', '-c', `echo "${name} $V" >> undone`], env: { V: '{{ prev.v }}' } },
      })
    const nodes = {
      start,
      a: set({ v: 'one' }, { policy: { compensate: 'undoA' } }),
      b: set({ v: 'two' }, { policy: { compensate: 'undoB' } }),
      c: boom(),
      undoA: undo('a'),
      undoB: shell('exit 3', { policy: {} }),
    }
    const result = await runs.run(nodes, ['start -> a', 'a -> b', 'b -> c'])
    expect(result).toMatchObject({ status: 'failed', error: { code: 'expression-failed', node: 'c' } })
    expect(await readFile(runs.folder.at('undone'), 'utf8')).toBe('a one\n')
    expect(linesOf(result.events, 'node.failed', 'run.failed')).toEqual([
      'node.failed c#1',
      'node.failed undoB#1',
      'run.failed',
    ])
  })
})

describe('pins, disabled nodes and caches', () => {
  it('use a pinned output and pass through a disabled node', async () => {
    const nodes = { start, b: boom(), off: set({ v: 1 }, { disabled: true }), done: ret('{{ prev }}') }
    const result = await runs.run(nodes, ['start -> b', 'b -> off', 'off -> done'], {
      more: { pins: { b: { port: 'out', output: { v: 9 } } } },
    })
    expect(result.output).toEqual({ v: 9 })
    expect(
      result.events.flatMap((event) =>
        event.type === 'node.finished' && event.source ? [`${event.node} ${event.source}`] : [],
      ),
    ).toEqual(['b pin', 'off disabled'])
  })

  it('take a result again for equal settings while it is young', async () => {
    const nodes = { start, s: shell('echo x >> count; cat count', { policy: { cache: '1m' } }) }
    const outputs: unknown[] = []
    for (const pause of [0, 59_000, 2000]) {
      clock.advance(pause)
      outputs.push(((await runs.run(nodes, ['start -> s'])).output as JsonObject)['stdout'])
    }
    expect(outputs).toEqual(['x\n', 'x\n', 'x\nx\n'])
  })
})

describe('cancelling', () => {
  it('aborts what runs and ends the run', async () => {
    const runId = await runs.start({ start, s: shell('sleep 60'), after: set({}) }, ['start -> s', 's -> after'])
    await awaitEvent(runs.host, runId, (event) => event.type === 'effect.intended')
    await runs.host.cancelRun(runId, 'enough')
    expect(await runs.host.settled(runId)).toMatchObject({ status: 'cancelled', output: null })
    expect(linesOf(runs.host.readRun(runId).events).slice(-2)).toEqual(['node.cancelled s#1', 'run.cancelled'])
  })
})

describe('a single node', () => {
  it('runs alone over what was given and the outputs of an earlier run', async () => {
    const nodes = { start, a: set({ v: 4 }), b: code('return prev.n + nodes.a.output.v'), c: boom() }
    const edges = ['start -> a', 'a -> b', 'b -> c']
    const first = await runs.run(nodes, edges)
    const result = await runs.run(nodes, edges, { only: { node: 'b', prev: { n: 38 }, runId: first.runId } })
    expect(result).toMatchObject({ status: 'completed', output: 42 })
    expect(linesOf(result.events, 'node.started')).toEqual(['node.started b#1'])
  })

  it('gets what came in last where nothing is given', async () => {
    const nodes = { start, a: set({ v: 4 }), b: code('return prev.v * 2') }
    const edges = ['start -> a', 'a -> b']
    const first = await runs.run(nodes, edges)
    expect((await runs.run(nodes, edges, { only: { node: 'b', runId: first.runId } })).output).toBe(8)
  })
})
