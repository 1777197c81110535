import type { StandaloneNode, StandaloneResult, StandaloneScope } from './standaloneNode.ts'

/** Runs the bodies of an exported flow's containers. EXECUTION.md 4. */

/** What one run of a body begins with. */
export interface BodyStart {
  /** `prev` of the nodes that start first. */
  readonly entry: unknown
  readonly vars: Readonly<Record<string, unknown>>
  readonly item?: unknown
  readonly index?: number
}

export interface BodyEnd {
  readonly result: unknown
  readonly vars: Readonly<Record<string, unknown>>
}

interface BodyCall {
  readonly id: string
  readonly node: StandaloneNode
  /** The container's settings, evaluated, without its conditions. */
  readonly data: Readonly<Record<string, unknown>>
  readonly prev: unknown
  readonly scope: StandaloneScope
  readonly vars: Readonly<Record<string, unknown>>
  readonly run: (start: BodyStart) => Promise<BodyEnd>
}

export async function runBody(call: BodyCall): Promise<StandaloneResult> {
  if (call.node.iterates === 'each') return runEach(call)
  return call.node.iterates === 'loop' ? runRounds(call) : runOnce(call)
}

/** One run per item; what they set stays with them. */
async function runEach({ id, data, vars, run }: BodyCall): Promise<StandaloneResult> {
  const { items } = data
  if (!Array.isArray(items)) throw bodyFailure('bad-items', `The items of ${id} must be a list.`)
  const results: unknown[] = []
  let next = 0
  const work = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++
      const item: unknown = items[index]
      try {
        results[index] = (await run({ entry: item, item, index, vars })).result
      } catch (error) {
        if (data['onItemError'] !== 'collect') throw error
        results[index] = { error }
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(64, positive(data['concurrency'], 1)) }, work))
  return { output: results }
}

async function runRounds({ id, node, data, prev, scope, vars, run }: BodyCall): Promise<StandaloneResult> {
  const { times } = data
  const max = positive(data['max'], 1000)
  let end: BodyEnd = { result: prev, vars }
  for (let index = 0; ; index++) {
    const result = index === 0 ? null : end.result
    if (typeof times === 'number' && index >= times) return { output: result, vars: end.vars }
    const holds = node.conditions?.while?.({ ...scope, vars: end.vars, prev: end.result, index })
    if (node.conditions?.while && !holds) return { output: result, vars: end.vars }
    if (index >= max) throw bodyFailure('loop-limit', `${id} ran ${String(max)} times, as often as its "max" allows.`)
    end = await run({ entry: end.result, index, vars: end.vars })
    if (node.conditions?.until?.({ ...scope, vars: end.vars, prev: end.result, index })) {
      return { output: end.result, vars: end.vars }
    }
  }
}

async function runOnce({ prev, vars, run }: BodyCall): Promise<StandaloneResult> {
  try {
    const end = await run({ entry: prev, vars })
    return { output: end.result, vars: end.vars }
  } catch (error) {
    return { port: 'caught', output: error }
  }
}

function positive(value: unknown, fallback: number): number {
  return typeof value === 'number' && value >= 1 ? value : fallback
}

function bodyFailure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code, retryable: false })
}
