import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Decision, RunResult } from '../../engine/run/runHost.ts'
import type { JsonObject } from '../../model/json.ts'
import { flowText } from '../support/runFlow.ts'
import { start } from '../support/shortNodes.ts'
import { tempFolder, type TempFolder } from '../support/tempFolder.ts'
import { buildEngineChild, runEngine } from './engineProcess.ts'

const steps = 60
const kills = 20
/** Events of a whole run: three per step, and a few around them. */
const eventsInAll = 3 * steps + 3

let program: string

beforeAll(async () => {
  program = await buildEngineChild()
})

/** A chain of commands, each of which leaves its key; none of them may be repeated. */
function flow(): string {
  const nodes: JsonObject = { start }
  const edges: string[] = []
  for (let i = 1; i <= steps; i++) {
    nodes[`s${String(i)}`] = {
      kind: 'shell',
      data: { command: ['sh', '-c', 'echo "$SWITCHYARD_EFFECT_KEY" >> effects'] },
    }
    edges.push(i === 1 ? 'start -> s1' : `s${String(i - 1)} -> s${String(i)}`)
  }
  return flowText(nodes, edges)
}

async function effects(folder: TempFolder): Promise<string[]> {
  const text = await readFile(folder.at('effects'), 'utf8').catch(() => '')
  return text.split('\n').filter((line) => line !== '')
}

/** A killed engine's last command may still run; nobody can say what it did before it has ended. */
async function orphansGone(): Promise<void> {
  const isAlive = (): boolean =>
    execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' }).includes(`SWITCHYARD_EFFECT_KEY" >> effects`)
  while (isAlive()) await pause(5)
}

/** Answers what is unknown with what can be seen, as a person would. */
async function answer(folder: TempFolder, { runId, waitingOn }: RunResult): Promise<RunResult | undefined> {
  const node = waitingOn?.[0] ?? ''
  const isDone = (await effects(folder)).includes(`${runId}/${node}#1`)
  const decision: Decision = isDone ? { type: 'value', output: null } : { type: 'retry' }
  return (await runEngine(program, [folder.path, 'resolve', runId, node, JSON.stringify(decision)])).results[0]
}

describe('an engine killed at a random moment', () => {
  // The seed is in the name, so that a failure can be repeated: SWITCHYARD_SEED=… runs the same moments.
  const seed = Number(process.env['SWITCHYARD_SEED'] ?? Date.now() % 100_000)
  const moments = Array.from(
    { length: kills },
    (_, i) => 1 + ((Math.imul(seed + i, 2_654_435_761) >>> 0) % eventsInAll),
  )

  it.each(moments)(`does every step of a flow once (seed ${String(seed)}, killed at event %i)`, async (killAtEvent) => {
    await using folder = await tempFolder({ 'case.flow.json': flow() })
    const killed = await runEngine(program, [folder.path, 'run', folder.at('case.flow.json')], { killAtEvent })
    await orphansGone()
    let [result] = killed.signal === null ? killed.results : (await runEngine(program, [folder.path, 'resume'])).results
    while (result?.status === 'waiting') result = await answer(folder, result)
    if (result) expect(result.status).toBe('completed')
    const keys = await effects(folder)
    const runId = keys[0]?.split('/')[0] ?? ''
    expect(keys).toEqual(Array.from({ length: steps }, (_, i) => `${runId}/s${String(i + 1)}#1`))
  })
})
