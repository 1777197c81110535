import { readFile } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { awaitEvent, linesOf } from '../../tests/support/awaitEvent.ts'
import { openLocalRuns, type LocalRuns } from '../../tests/support/localRuns.ts'
import { code, ret, set, start } from '../../tests/support/shortNodes.ts'
import { systemClock } from '../services/clock.ts'
import type { JsonObject } from '../../model/json.ts'

// Real processes and a real disk: slow where the machine is busy.
vi.setConfig({ testTimeout: 30_000 })

let runs: LocalRuns
/** The system's clock, set forward by `skew` milliseconds. */
const clock = {
  skew: 0,
  now: () => systemClock.now() + clock.skew,
  at: (at: number, callback: () => void) => systemClock.at(at - clock.skew, callback),
}

beforeEach(async () => {
  clock.skew = 0
  runs = await openLocalRuns({ clock })
})

afterEach(() => runs[Symbol.asyncDispose]())

const shell = (script: string, more: JsonObject = {}): JsonObject => ({
  kind: 'shell',
  data: { command: ['sh', '-c', script] },
  ...more,
})
const lines = async (name: string): Promise<string[]> =>
  (await readFile(runs.folder.at(name), 'utf8')).trim().split('\n')

/** Starts a flow whose node `s` says that it runs and then hangs, and drops the engine there. */
async function interrupted(more: JsonObject = {}): Promise<string> {
  const script = 'echo "$SWITCHYARD_EFFECT_KEY" >> keys; [ $(wc -l < keys) -gt 1 ] && exit 0; echo up; sleep 60'
  const nodes = { start, s: shell(script, more), done: ret('{{ prev.exitCode ?? prev }}') }
  const hasBegun = new Promise<void>((resolve) => {
    runs.host.subscribe({ progress: (messages) => messages.some((one) => one.text?.includes('up')) && resolve() })
  })
  const runId = await runs.start(nodes, ['start -> s', 's -> done'])
  await hasBegun
  await runs.reopen()
  return runId
}

describe('after a crash', () => {
  it('runs a harmless effect again, under its key', async () => {
    const runId = await interrupted({ policy: { idempotent: true } })
    expect(await runs.host.resumeRuns()).toEqual([runId])
    expect(await runs.host.settled(runId)).toMatchObject({ status: 'completed', output: 0 })
    expect(await lines('keys')).toEqual([`${runId}/s#1`, `${runId}/s#1`])
  })

  it('asks a person what became of an effect that must not be repeated', async () => {
    const runId = await interrupted()
    await runs.host.resumeRuns()
    expect(await runs.host.settled(runId)).toMatchObject({ status: 'waiting', waitingOn: ['s'] })
    expect(runs.host.listRuns()).toMatchObject([{ runId, status: 'waiting' }])
    expect(await lines('keys')).toHaveLength(1)
    await expect(runs.host.resolveNode(runId, 'done', { type: 'fail' })).rejects.toMatchObject({ code: 'not-unknown' })
  })

  it.each([
    [{ type: 'retry' }, { status: 'completed', output: 0 }, 2],
    [{ type: 'value', output: 'all good' }, { status: 'completed', output: 'all good' }, 1],
    [{ type: 'fail' }, { status: 'failed', error: { code: 'effect-unknown', node: 's' } }, 1],
  ] as const)('takes the answer %o', async (decision, expected, times) => {
    const runId = await interrupted()
    await runs.host.resumeRuns()
    await runs.host.settled(runId)
    await runs.host.resolveNode(runId, 's', decision)
    expect(await runs.host.settled(runId)).toMatchObject(expected)
    expect(await lines('keys')).toHaveLength(times)
  })

  it('lets a timeout fire that passed while the engine was off, and a retry go on from there', async () => {
    const policy = { idempotent: true, timeout: '30s', retry: { max: 2, delay: '1ms' } }
    const runId = await interrupted({ policy })
    clock.skew = 60_000
    await runs.reopen()
    await runs.host.resumeRuns()
    expect(await runs.host.settled(runId)).toMatchObject({ status: 'completed', output: 0 })
    expect(runs.host.readRun(runId).events.find((event) => event.type === 'node.retrying')).toMatchObject({
      error: { code: 'timeout', attempt: 1 },
      attempt: 2,
    })
    expect(await lines('keys')).toHaveLength(2)
  })

  it('runs nothing that came along with a folder, until a person asks for it', async () => {
    const runId = await interrupted({ policy: { idempotent: true } })
    const db = new DatabaseSync(runs.folder.at('.switchyard/runs.db'))
    db.exec('PRAGMA application_id = 7')
    db.close()
    await runs.reopen()
    expect(await runs.host.resumeRuns()).toEqual([])
    expect(await lines('keys')).toHaveLength(1)
    await runs.host.resumeRun(runId)
    expect(await runs.host.settled(runId)).toMatchObject({ status: 'completed' })
    expect((await runs.reopen(), runs.store.isFromElsewhere)).toBe(false)
  })

  it('waits on after another restart', async () => {
    const runId = await interrupted()
    await runs.host.resumeRuns()
    await runs.host.settled(runId)
    await runs.reopen()
    await runs.host.resumeRuns()
    expect(await runs.host.settled(runId)).toMatchObject({ status: 'waiting', waitingOn: ['s'] })
    expect(linesOf(runs.host.readRun(runId).events, 'node.unknown')).toEqual(['node.unknown s#1'])
  })
})

describe('replay', () => {
  it('makes of a log what was recorded, with nothing executed', async () => {
    const nodes = {
      start,
      s: shell('echo x >> count'),
      big: code('return "x".repeat(200000)'),
      done: ret({ n: '{{ prev.length }}', all: '{{ prev }}' }),
    }
    const { runId, output } = await runs.run(nodes, ['start -> s', 's -> big', 'big -> done'])
    const report = await runs.host.replayRun(runId)
    expect(report.differences).toEqual([])
    expect(report.result).toMatchObject({ status: 'completed', output })
    expect(await lines('count')).toHaveLength(1)
  })
})

describe('a failed run', () => {
  const nodes = (fixed: string): JsonObject => ({
    start,
    a: shell('echo a >> log'),
    b: shell(fixed),
    c: shell('echo c >> log'),
    done: ret('{{ nodes.b.output.stdout }}'),
  })
  const edges = ['start -> a', 'a -> b', 'b -> c', 'c -> done']

  it('goes on after a repair of what is outside, with a new key for what runs again', async () => {
    const result = await runs.run(nodes('echo "$SWITCHYARD_EFFECT_KEY" >> keys; test -f ready && printf yes'), edges)
    expect(result.status).toBe('failed')
    await runs.run({ start, s: shell('touch ready') }, ['start -> s'])
    await runs.host.resumeRun(result.runId)
    expect(await runs.host.settled(result.runId)).toMatchObject({ status: 'completed', output: 'yes' })
    expect(await lines('log')).toEqual(['a', 'c'])
    expect(await lines('keys')).toEqual([`${result.runId}/b#1`, `${result.runId}/b#1~1`])
    expect((await runs.host.replayRun(result.runId)).differences).toEqual([])
  })

  it('goes on under a repaired flow from the first node that differs', async () => {
    const result = await runs.run(nodes('exit 1'), edges)
    const { machine, text } = runs.compile(nodes('printf fixed'), edges)
    await runs.host.resumeRun(result.runId, { machine, flowText: text, cause: 'mended', trusted: true })
    expect(await runs.host.settled(result.runId)).toMatchObject({ status: 'completed', output: 'fixed' })
    expect(await lines('log')).toEqual(['a', 'c'])
    const reused = runs.host
      .readRun(result.runId)
      .events.filter((event) => event.type === 'node.finished' && event.source === 'reused')
    expect(reused.map((event) => 'node' in event && event.node)).toEqual(['start', 'a'])
  })

  it('does again what was undone, and all that follows', async () => {
    const undone = {
      ...nodes('test -f ready'),
      a: shell('echo a >> log', { policy: { compensate: 'undo' } }),
      undo: shell('echo undo >> log'),
    }
    const result = await runs.run(undone, edges)
    await runs.run({ start, s: shell('touch ready') }, ['start -> s'])
    await runs.host.resumeRun(result.runId)
    expect(await runs.host.settled(result.runId)).toMatchObject({ status: 'completed' })
    expect(await lines('log')).toEqual(['a', 'undo', 'a', 'c'])
  })

  it('does not repeat what was cut off and must not be repeated', async () => {
    const cut = { start, b: shell('while [ ! -f up ]; do :; done; [ -f ready ]'), hang: shell('touch up; sleep 60') }
    const result = await runs.run(cut, ['start -> b', 'start -> hang'])
    expect(result.status).toBe('failed')
    await runs.run({ start, s: shell('touch ready') }, ['start -> s'])
    await runs.host.resumeRun(result.runId)
    expect(await runs.host.settled(result.runId)).toMatchObject({ status: 'waiting', waitingOn: ['hang'] })
    await runs.host.resolveNode(result.runId, 'hang', { type: 'value', output: 'seen to' })
    expect(await runs.host.settled(result.runId)).toMatchObject({ status: 'completed', output: { hang: 'seen to' } })
  })

  it('still does not repeat it after it was resumed and cancelled again', async () => {
    const runId = await interrupted()
    await runs.host.resumeRuns()
    for (let time = 0; time < 3; time++) {
      expect(await runs.host.settled(runId)).toMatchObject({ status: 'waiting', waitingOn: ['s'] })
      await runs.host.cancelRun(runId)
      await runs.host.resumeRun(runId)
    }
    expect(await lines('keys')).toHaveLength(1)
  })

  it('takes over while the run is under way', async () => {
    const slow = { start, a: shell('echo a >> log'), b: shell('echo up; sleep 60') }
    const runId = await runs.start(slow, ['start -> a', 'a -> b'])
    await awaitEvent(runs.host, runId, (event) => event.type === 'effect.intended' && event.node === 'b')
    const { machine, text } = runs.compile({ ...slow, b: set({ v: 1 }) }, ['start -> a', 'a -> b'])
    await runs.host.resumeRun(runId, { machine, flowText: text, trusted: true })
    expect(await runs.host.settled(runId)).toMatchObject({ status: 'completed', output: { v: 1 } })
    expect(await lines('log')).toEqual(['a'])
  })

  it('refuses to go on where it has completed', async () => {
    const { runId } = await runs.run({ start, a: set({}) }, ['start -> a'])
    await expect(runs.host.resumeRun(runId)).rejects.toMatchObject({ code: 'run-completed' })
  })
})

describe('a fork', () => {
  it('reuses what came before and runs the rest anew, also after a restart', async () => {
    const nodes = {
      start,
      a: shell('echo a >> log; date +%s%N'),
      b: shell('echo b >> log'),
      done: ret('{{ nodes.a.output.stdout }}'),
    }
    const first = await runs.run(nodes, ['start -> a', 'a -> b', 'b -> done'])
    const seq = first.events.find((event) => event.type === 'node.finished' && event.node === 'a')?.seq ?? 0
    const forked = await runs.host.forkRun(first.runId, seq)
    expect(forked).not.toBe(first.runId)
    expect(await runs.host.settled(forked)).toMatchObject({ status: 'completed', output: first.output })
    expect(await lines('log')).toEqual(['a', 'b', 'b'])
    await runs.reopen()
    expect((await runs.host.replayRun(forked)).differences).toEqual([])
  })
})

describe('an interrupted fork', () => {
  it('drops the intents that were open', async () => {
    const runId = await interrupted()
    const seq = runs.host.readRun(runId).events.at(-1)?.seq ?? 0
    const forked = await runs.host.forkRun(runId, seq)
    expect(await runs.host.settled(forked)).toMatchObject({ status: 'completed' })
    await awaitEvent(runs.host, forked, (event) => event.type === 'run.finished')
    expect(await lines('keys')).toEqual([`${runId}/s#1`, `${forked}/s#1`])
  })
})

describe('what a run was allowed', () => {
  const nodes = { start, s: shell('echo x >> ran; test -f ready') }
  const ready = () => runs.run({ start, s: shell('touch ready') }, ['start -> s'])
  const refused = { status: 'failed', error: { code: 'not-trusted', node: 's' } }
  const untrusted = async (): Promise<string> => {
    const { machine, text } = runs.compile(nodes, ['start -> s'])
    return runs.host.startRun({ machine, flowPath: 'case.flow.json', flowText: text, input: {} })
  }

  it('holds when it is resumed and when it is forked', async () => {
    const runId = await untrusted()
    expect(await runs.host.settled(runId)).toMatchObject(refused)
    await runs.reopen()
    await runs.host.resumeRun(runId)
    expect(await runs.host.settled(runId)).toMatchObject(refused)
    expect(await runs.host.settled(await runs.host.forkRun(runId, 1))).toMatchObject(refused)
    await expect(lines('ran')).rejects.toThrow('ENOENT')
  })

  it('changes with its machine', async () => {
    const { runId } = await runs.run(nodes, ['start -> s'])
    await ready()
    const { machine, text } = runs.compile(nodes, ['start -> s'])
    await runs.host.resumeRun(runId, { machine, flowText: text })
    expect(await runs.host.settled(runId)).toMatchObject(refused)
    expect(await runs.host.settled(await runs.host.forkRun(runId, 1, { machine }))).toMatchObject(refused)
    await runs.host.resumeRun(runId)
    expect(await runs.host.settled(runId)).toMatchObject(refused)
    await runs.host.resumeRun(runId, { machine, flowText: text, trusted: true })
    expect(await runs.host.settled(runId)).toMatchObject({ status: 'completed' })
    expect(await lines('ran')).toHaveLength(2)
  })
})
