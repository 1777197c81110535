import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { awaitEvent } from '../../tests/support/awaitEvent.ts'
import { openLocalRuns, type LocalRuns } from '../../tests/support/localRuns.ts'
import { code, ret, set, start } from '../../tests/support/shortNodes.ts'
import { TestClock } from '../../tests/support/testClock.ts'
import type { ShellService } from '../sdk/services.ts'
import type { ProgressMessage, RunEvent } from '../../model/events.ts'
import { NodeFailure } from '../../model/failure.ts'

// Real processes and a real disk: slow where the machine is busy.
vi.setConfig({ testTimeout: 30_000 })

let runs: LocalRuns

beforeEach(async () => {
  runs = await openLocalRuns()
})

afterEach(() => runs[Symbol.asyncDispose]())

const shell = (script: string) => ({ kind: 'shell', data: { command: ['sh', '-c', script] } })

/** Which events each commit held, and whether it had to survive power loss. */
function watchCommits(): { types: string[]; full: boolean }[] {
  const commits: { types: string[]; full: boolean }[] = []
  const { store } = runs
  const [append, commit] = [store.append.bind(store), store.commit.bind(store)]
  let types: string[] = []
  store.append = (event: RunEvent) => {
    types.push('node' in event ? `${event.type} ${event.node}` : event.type)
    return append(event)
  }
  store.commit = (full: boolean) => {
    if (types.length > 0) commits.push({ types, full })
    types = []
    commit(full)
  }
  return commits
}

describe('closing', () => {
  it('begins no effect any more, though its intent is committed', async () => {
    const run = vi.fn<ShellService['run']>(() => new Promise(() => undefined))
    await using closed = await openLocalRuns({ services: { shell: { run } } })
    const runId = closed.start({ start, s: shell('true') }, ['start -> s'])
    // Pure work goes on between turns of the event loop; the first commit would come after them.
    for (let i = 0; i < 100; i++) await Promise.resolve()
    await closed.host.close()
    expect(closed.store.readEvents(await runId).at(-1)).toMatchObject({ type: 'effect.intended', node: 's' })
    expect(run).not.toHaveBeenCalled()
  })
})

describe('the journal', () => {
  it('commits what is pure together, and the intent of an effect before it and its result after it with the full barrier', async () => {
    const commits = watchCommits()
    await runs.run({ start, a: set({ v: 1 }), b: set({ v: 2 }), s: shell('true'), done: ret(1) }, [
      'start -> a',
      'a -> b',
      'b -> s',
      's -> done',
    ])
    expect(commits).toEqual([
      {
        full: true,
        types: [
          'run.started',
          ...['start', 'a', 'b'].flatMap((node) => [`node.started ${node}`, `node.finished ${node}`]),
          'node.started s',
          'effect.intended s',
        ],
      },
      { full: true, types: ['node.finished s', 'node.started done', 'node.finished done', 'run.finished'] },
    ])
  })

  it('lets an effect begin only when its intent can be read from the file', async () => {
    const found: string[][] = []
    await using others = await openLocalRuns({
      services: {
        shell: {
          run: () => {
            const reader = new DatabaseSync(others.store.file, { readOnly: true })
            found.push(
              reader
                .prepare('SELECT key FROM intents')
                .all()
                .map((row) => String(row['key'])),
            )
            reader.close()
            return Promise.resolve({ exitCode: 0, stdout: '', stderr: '', durationMs: 1 })
          },
        },
      },
    })
    const { runId } = await others.run({ start, s: shell('x'), t: shell('y') }, ['start -> s', 's -> t'])
    expect(found).toEqual([[`${runId}/s#1`], [`${runId}/s#1`, `${runId}/t#1`]])
  })

  it('is content with the write-ahead log for effects that may be repeated', async () => {
    const commits = watchCommits()
    await runs.run({ start, c: code('return 1') }, ['start -> c'])
    expect(commits.map(({ full }) => full)).toEqual([false, false])
  })

  it('stops every run, with the reason, when it cannot be written', async () => {
    const { store } = runs
    const full = new NodeFailure('store-full', 'The disk is full.')
    let isFull = false
    const commit = store.commit.bind(store)
    store.commit = (barrier) => {
      if (isFull) throw full
      commit(barrier)
    }
    const fatal = new Promise<Error>((resolve) => runs.onFatal(resolve))
    const runId = await runs.start({ start, s: shell('echo up; sleep 60'), after: set({}) }, [
      'start -> s',
      's -> after',
    ])
    isFull = true
    void runs.host.cancelRun(runId).catch(() => undefined)
    expect(await fatal).toBe(full)
    await expect(runs.start({ start }, [])).rejects.toMatchObject({ code: 'engine-stopped' })
    isFull = false
    const host = await runs.reopen()
    expect(await host.resumeRuns()).toEqual([runId])
    expect(await host.settled(runId)).toMatchObject({ status: 'waiting', waitingOn: ['s'] })
  })
})

describe('listeners', () => {
  it('hear of events only after their commit, and of runs as they change', async () => {
    const seen: string[] = []
    runs.host.subscribe({
      events: (events) => {
        for (const event of events) {
          expect(runs.store.readEvents(event.runId, event.seq - 1)[0]).toEqual(event)
          seen.push(event.type)
        }
      },
      runChanged: (run) => seen.push(`now ${run.status}`),
    })
    const runId = await runs.start({ start, c: code('return 1') }, ['start -> c'])
    await runs.host.settled(runId)
    expect(seen.filter((line) => line.startsWith('run.') || line.startsWith('now '))).toEqual([
      'run.started',
      'now running',
      'run.finished',
      'now completed',
    ])
  })

  it('get streamed text in one message per 50 ms', async () => {
    const clock = new TestClock()
    const texts: (readonly ProgressMessage[])[] = []
    await using others = await openLocalRuns({
      clock,
      services: {
        shell: {
          run: (_command, _signal, progress) => {
            for (const word of ['a', 'b', 'c']) progress.text(word)
            clock.advance(50)
            progress.text('d')
            progress.status('nearly')
            clock.advance(50)
            return Promise.resolve({ exitCode: 0, stdout: '', stderr: '', durationMs: 1 })
          },
        },
      },
    })
    others.host.subscribe({ progress: (messages) => texts.push(messages) })
    const runId = await others.start({ start, s: shell('x') }, ['start -> s'])
    await awaitEvent(others.host, runId, (event) => event.type === 'run.finished')
    expect(texts).toEqual([
      [{ runId, node: 's', visit: 1, text: 'abc' }],
      [{ runId, node: 's', visit: 1, text: 'd', status: 'nearly' }],
    ])
  })
})
