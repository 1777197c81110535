import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../model/json.ts'
import { startCommand } from '../support/liveCommand.ts'
import { flowText, switchyard, workspaceWith } from '../support/runFlow.ts'

const waits = (time: string): string =>
  flowText(
    {
      start: { kind: 'start' },
      pause: { kind: 'wait', data: { for: time } },
      done: { kind: 'return', data: { value: 'through' } },
    },
    ['start -> pause', 'pause -> done'],
  )

/** Writes its process id to a file and then takes long: an effect that can be cut off. */
const slowShell = flowText(
  {
    start: { kind: 'start' },
    slow: { kind: 'shell', data: { command: ['sh', '-c', 'echo run >> effects.txt; echo $$ > pid.txt; sleep 5'] } },
    done: { kind: 'return', data: { value: '{{ nodes.slow.output.stdout }}' } },
  },
  ['start -> slow', 'slow -> done'],
)

const runIdOf = (line: string): string => (JSON.parse(line) as { runId: string }).runId

async function appears(path: string): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!existsSync(path)) {
    if (Date.now() > deadline) throw new Error(`${path} did not appear`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

describe('two commands in one workspace', () => {
  it('share the engine of the first, and both finish', async () => {
    const { dir, file } = await workspaceWith(waits('1500ms'))
    await writeFile(join(dir, 'other.flow.json'), waits('2s'))
    const first = startCommand(['run', file, '--events', '--workspace', dir])
    await first.line(/node\.waiting|timer\.set/)
    const second = startCommand(['run', join(dir, 'other.flow.json'), '--json', '--workspace', dir])
    const [one, two] = await Promise.all([first.ended, second.ended])
    expect([one.exit, two.exit, two.stderr.includes('Error')]).toEqual([0, 0, false])
    expect(JSON.parse(two.stdout)).toMatchObject({ status: 'completed', output: 'through' })
    const { runs } = JSON.parse((await switchyard(['runs', 'list', '--json', '--workspace', dir])).stdout) as {
      runs: JsonObject[]
    }
    expect(runs.map(({ status }) => status)).toEqual(['completed', 'completed'])
  })

  it('carry on with a run whose engine was killed under it', async () => {
    const { dir, file } = await workspaceWith(waits('3s'))
    await writeFile(join(dir, 'other.flow.json'), waits('2500ms'))
    const host = startCommand(['run', file, '--events', '--workspace', dir])
    await host.line(/node\.waiting|timer\.set/)
    const guest = startCommand(['run', join(dir, 'other.flow.json'), '--events', '--workspace', dir])
    await guest.line(/node\.waiting|timer\.set/)
    host.signal('SIGKILL')
    const { exit, stdout } = await guest.ended
    expect(exit).toBe(0)
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { seq: number; type: string })
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, i) => i + 1))
    expect(events.at(-1)?.type).toBe('run.finished')
  })
})

describe('interrupting', () => {
  it('cancels the run, ends its processes, stubborn ones too, and exits 130', async () => {
    const { dir, file } = await workspaceWith(
      slowShell.replace('echo run', "trap '' TERM; echo run").replace('sleep 5', 'while :; do sleep 1; done'),
    )
    const run = startCommand(['run', file, '--json', '--trust', '--workspace', dir])
    await appears(join(dir, 'pid.txt'))
    run.signal('SIGINT')
    const { exit, stdout } = await run.ended
    expect(exit).toBe(130)
    expect(JSON.parse(stdout)).toMatchObject({ status: 'cancelled', output: null })
    const pid = Number(await readFile(join(dir, 'pid.txt'), 'utf8'))
    expect(() => process.kill(pid, 0)).toThrow()
  })

  it.each(['SIGTERM', 'SIGHUP'] as const)(
    'ends its processes and leaves the run to be gone on with, on %s',
    async (signal) => {
      const { dir, file } = await workspaceWith(slowShell.replace('sleep 5', 'exec sleep 60'))
      const run = startCommand(['run', file, '--json', '--trust', '--workspace', dir])
      await appears(join(dir, 'pid.txt'))
      run.signal(signal)
      expect((await run.ended).exit).toBe(signal === 'SIGTERM' ? 143 : 129)
      const pid = Number(await readFile(join(dir, 'pid.txt'), 'utf8'))
      expect(() => process.kill(pid, 0)).toThrow()
      const { runs } = JSON.parse((await switchyard(['runs', 'list', '--json', '--workspace', dir])).stdout) as {
        runs: JsonObject[]
      }
      expect(runs.map(({ status }) => status)).toEqual(['running'])
      const { exit } = await switchyard(['runs', 'resume', String(runs[0]?.['runId']), '--json', '--workspace', dir])
      expect(exit).toBe(4)
    },
  )

  it('resumes nothing by starting another run', async () => {
    const { dir, file } = await workspaceWith(waits('1h'))
    const run = startCommand(['run', file, '--events', '--workspace', dir])
    await run.line(/node\.waiting|timer\.set/)
    run.signal('SIGKILL')
    await run.ended
    await writeFile(join(dir, 'quick.flow.json'), waits('1ms'))
    const other = await switchyard(['run', join(dir, 'quick.flow.json'), '--json', '--workspace', dir])
    expect(other.exit).toBe(0)
    const { runs } = JSON.parse((await switchyard(['runs', 'list', '--json', '--workspace', dir])).stdout) as {
      runs: JsonObject[]
    }
    expect(runs.map(({ status }) => status)).toEqual(['completed', 'running'])
  })
})

describe('an effect that nobody knows about', () => {
  async function cutOff(): Promise<{ dir: string; runId: string }> {
    const { dir, file } = await workspaceWith(slowShell)
    const run = startCommand(['run', file, '--events', '--trust', '--workspace', dir])
    const runId = runIdOf(await run.line(/run\.started/))
    await appears(join(dir, 'pid.txt'))
    run.signal('SIGKILL')
    await run.ended
    process.kill(Number(await readFile(join(dir, 'pid.txt'), 'utf8')), 'SIGKILL')
    return { dir, runId }
  }

  it('makes resume exit 4 without running it again, and is answered with a value', async () => {
    const { dir, runId } = await cutOff()
    const resumed = await switchyard(['runs', 'resume', runId, '--json', '--workspace', dir])
    expect(resumed.exit).toBe(4)
    expect(JSON.parse(resumed.stdout)).toMatchObject({ runId, status: 'waiting', output: null })
    expect(resumed.stderr).toContain(`switchyard resolve ${runId} slow`)
    const resolved = await switchyard([
      'resolve',
      runId,
      'slow',
      '--value',
      '{"stdout":"said so"}',
      '--json',
      '--workspace',
      dir,
    ])
    expect([resolved.exit, JSON.parse(resolved.stdout)]).toMatchObject([0, { status: 'completed', output: 'said so' }])
    expect(await readFile(join(dir, 'effects.txt'), 'utf8')).toBe('run\n')
  })

  it('fails the run where a person says so', async () => {
    const { dir, runId } = await cutOff()
    const resolved = await switchyard(['resolve', runId, 'slow', '--fail', '--json', '--workspace', dir])
    expect(resolved.exit).toBe(1)
    expect(JSON.parse(resolved.stdout)).toMatchObject({ status: 'failed', error: { node: 'slow' } })
  })

  it('leaves a failed run and a paused one as they are where no node is unknown', async () => {
    const shell = (command: string) => ({ kind: 'shell', data: { command: ['sh', '-c', command] } })
    const { dir, file } = await workspaceWith(
      flowText(
        {
          start: { kind: 'start' },
          one: shell('echo one >> effects.txt'),
          two: shell('echo two >> effects.txt; exit 3'),
        },
        ['start -> one', 'one -> two'],
      ),
    )
    const inDir = ['--json', '--workspace', dir]
    const started = await switchyard(['run', file, '--trust', '--pause-at', 'two', ...inDir])
    const { runId } = JSON.parse(started.stdout) as { runId: string }
    const resolveTwo = async () => {
      const { exit, stdout } = await switchyard(['resolve', runId, 'two', '--fail', ...inDir])
      return [exit, JSON.parse(stdout), await readFile(join(dir, 'effects.txt'), 'utf8')]
    }
    expect(await resolveTwo()).toMatchObject([2, { diagnostics: [{ code: 'not-unknown' }] }, 'one\n'])
    expect((await switchyard(['runs', 'resume', runId, ...inDir])).exit).toBe(1)
    expect(await resolveTwo()).toMatchObject([2, { diagnostics: [{ code: 'not-unknown' }] }, 'one\ntwo\n'])
  })

  it('refuses an answer that is none', async () => {
    const { dir, file } = await workspaceWith(waits('1ms'))
    const { runId } = JSON.parse((await switchyard(['run', file, '--json', '--workspace', dir])).stdout) as {
      runId: string
    }
    for (const args of [
      ['resolve', runId, 'pause'],
      ['resolve', runId, 'pause', '--retry', '--fail'],
      ['resolve', runId, 'pause', '--value', '{"slip": '],
      ['resolve', runId, 'pause', '--retry'],
      ['resolve', 'nope', 'x', '--retry'],
    ]) {
      const done = await switchyard([...args, '--json', '--workspace', dir])
      expect([args, done.exit]).toEqual([args, 2])
      expect(JSON.parse(done.stdout)).toMatchObject({ diagnostics: [{ severity: 'error' }] })
    }
  })
})

describe('a file in the way', () => {
  it('is not written over by an exported log, nor taken for a folder', async () => {
    const { dir, file } = await workspaceWith(waits('1ms'))
    const run = await switchyard(['run', file, '--json', '--workspace', dir])
    const { runId } = JSON.parse(run.stdout) as { runId: string }
    const before = await readFile(file, 'utf8')
    for (const args of [
      ['runs', 'export', runId, '-o', file, '--workspace', dir],
      ['templates', 'new', 'csv-report', file],
    ]) {
      const { exit, stdout, stderr } = await switchyard([...args, '--json'])
      expect([exit, JSON.parse(stdout)]).toMatchObject([2, { diagnostics: [{ code: 'file-unwritable' }] }])
      expect(stderr).not.toMatch(/^ +at /m)
    }
    expect(await readFile(file, 'utf8')).toBe(before)
  })
})

describe('a failed run', () => {
  const failing = (command: string): string =>
    flowText(
      {
        start: { kind: 'start' },
        first: { kind: 'shell', data: { command: ['sh', '-c', 'echo first >> effects.txt'] } },
        second: { kind: 'shell', data: { command: ['sh', '-c', command] } },
        done: { kind: 'return', data: { value: 'repaired' } },
      },
      ['start -> first', 'first -> second', 'second -> done'],
    )

  async function failOnce(): Promise<{ dir: string; file: string; runId: string }> {
    const { dir, file } = await workspaceWith(failing('exit 3'))
    const run = await switchyard(['run', file, '--trust', '--json', '--workspace', dir])
    expect(run.exit).toBe(1)
    return { dir, file, runId: (JSON.parse(run.stdout) as { runId: string }).runId }
  }

  it('goes on with the flow file as it was repaired, and repeats nothing that was done', async () => {
    const { dir, file, runId } = await failOnce()
    await writeFile(file, failing('true'))
    const untrusted = await switchyard(['runs', 'resume', runId, '--json', '--workspace', dir])
    expect([untrusted.exit, JSON.parse(untrusted.stdout)]).toMatchObject([3, { error: { code: 'not-trusted' } }])
    const resumed = await switchyard(['runs', 'resume', runId, '--trust', '--json', '--workspace', dir])
    expect([resumed.exit, JSON.parse(resumed.stdout)]).toMatchObject([
      0,
      { runId, status: 'completed', output: 'repaired' },
    ])
    expect(await readFile(join(dir, 'effects.txt'), 'utf8')).toBe('first\n')
  })

  it('fails again where nothing was repaired, and refuses a repair that does not compile', async () => {
    const { dir, file, runId } = await failOnce()
    const again = await switchyard(['runs', 'resume', runId, '--json', '--workspace', dir])
    expect([again.exit, JSON.parse(again.stdout)]).toMatchObject([1, { runId, status: 'failed' }])
    await writeFile(file, failing('true').replace('"shell"', '"shall"'))
    const refused = await switchyard(['runs', 'resume', runId, '--trust', '--json', '--workspace', dir])
    expect([refused.exit, JSON.parse(refused.stdout)]).toMatchObject([2, { diagnostics: [{ code: 'unknown-kind' }] }])
  })

  it('is forked where that is trusted anew, and reuses what it had', async () => {
    const { dir, runId } = await failOnce()
    const shown = JSON.parse((await switchyard(['runs', 'show', runId, '--json', '--workspace', dir])).stdout) as {
      events: { seq: number; type: string; node?: string }[]
    }
    const at = shown.events.find(({ type, node }) => type === 'node.finished' && node === 'first')?.seq ?? 0
    const fork = ['runs', 'fork', runId, '--at', String(at), '--json', '--workspace', dir]
    const untrusted = await switchyard(fork)
    expect([untrusted.exit, JSON.parse(untrusted.stdout)]).toMatchObject([3, { error: { code: 'not-trusted' } }])
    const forked = await switchyard([...fork, '--trust'])
    expect(forked.exit).toBe(1)
    const outcome = JSON.parse(forked.stdout) as { runId: string; status: string }
    expect(outcome.runId).not.toBe(runId)
    expect(outcome.status).toBe('failed')
    expect(await readFile(join(dir, 'effects.txt'), 'utf8')).toBe('first\n')
  })
})
