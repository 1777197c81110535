import { chain, fork, layered, loop, loopBody, payload, type BenchFlow } from './flows.ts'
import type { Floor, FloorCases } from './floor.ts'
import type { CompiledFlow, EngineRunner } from './engineRunner.ts'
import { measure } from './measure.ts'
import type { Row } from './table.ts'

/** A shape of flow at one size, with the function of the floor that does the same work. */
interface Case {
  readonly name: string
  readonly n: number
  readonly flow: BenchFlow
  readonly unit: Row['unit']
  /** What the time of a run is divided by. */
  readonly per: number
  readonly floor: (cases: FloorCases) => () => Promise<unknown>
  readonly target?: number
}

const sizes = [10, 100, 1000, 10_000]

/** Shapes at every size; targets in microseconds. EXECUTION.md 10.3. */
function shapes(n: number): Case[] {
  const value = { x: 7 }
  const [c, l, b, y, f] = [chain(n), loop(n / 2), loopBody(n / 2), layered(n), fork(n)]
  return [
    {
      name: 'chain',
      n,
      flow: c,
      unit: 'us/node',
      per: c.steps,
      floor: (floor) => floor.chain(c.steps, value),
      target: 40,
    },
    {
      name: 'loop',
      n,
      flow: l,
      unit: 'us/node',
      per: l.steps,
      floor: (floor) => floor.chain(l.steps, value),
      target: 40,
    },
    {
      name: 'loop of a chain',
      n,
      flow: b,
      unit: 'us/node',
      per: b.steps,
      floor: (floor) => floor.chain(b.steps, value),
      target: 40,
    },
    { name: 'layered', n, flow: y, unit: 'us/node', per: y.steps, floor: (floor) => floor.layered(y.steps, value) },
    {
      name: 'fork',
      n,
      flow: f,
      unit: 'us/branch',
      per: n,
      floor: (floor) => floor.fork(n, value),
      ...(n === 1000 && { target: 15 }),
    },
  ]
}

/** Time per node of every shape and size, and the compiler's, beside the floor in the same process. */
export async function measureShapes(engine: EngineRunner, floor: Floor, report: (row: Row) => void): Promise<void> {
  const compiled: Compiled[] = []
  for (const n of sizes) {
    for (const shape of shapes(n)) report(await measureCase(engine, floor, shape, compiled))
  }
  for (const one of compiled) reportCompile(one, compiled, report)
}

/** What the compiler took per node of the flow, in microseconds. */
interface Compiled {
  readonly name: string
  readonly n: number
  readonly time: number
}

async function measureCase(engine: EngineRunner, floor: Floor, shape: Case, compiledBefore: Compiled[]): Promise<Row> {
  const compiled = typicalCompile(engine, shape.flow)
  const nodes = Object.keys(compiled.document.nodes).length
  if (nodes >= shape.n / 2)
    compiledBefore.push({ name: shape.name, n: shape.n, time: (compiled.compileMs * 1000) / nodes })
  const perNode = (ms: number): number => (ms * 1000) / shape.per
  const measured = await measure(() => engine.run(compiled))
  const plain = await measure(shape.floor(floor.plain), floorBudget)
  const sqlite = await measure(shape.floor(floor.sqlite), floorBudget)
  return {
    name: shape.name,
    n: shape.n,
    unit: shape.unit,
    engine: perNode(measured.median),
    best: perNode(measured.best),
    plain: perNode(plain.median),
    sqlite: perNode(sqlite.median),
    samples: measured.samples,
    ...(shape.target !== undefined && { target: shape.target }),
  }
}

const floorBudget = { total: 300, warmUp: 200 }

/** The compile of median length, of at least five: the first one is cold, and every tenth meets a garbage collection. */
function typicalCompile(engine: EngineRunner, flow: BenchFlow): CompiledFlow {
  const all: CompiledFlow[] = []
  const end = performance.now() + 300
  while (all.length < 5 || (performance.now() < end && all.length < 200)) all.push(engine.compile(flow))
  const middle = all.toSorted((a, b) => a.compileMs - b.compileMs)[all.length >> 1]
  if (!middle) throw new Error('Nothing was compiled.')
  return middle
}

/** Flat cost: at 10,000 a node may take twice what it takes at 100. */
function reportCompile({ name, n, time }: Compiled, all: readonly Compiled[], report: (row: Row) => void): void {
  const atHundred = all.find((one) => one.name === name && one.n === 100)
  const target = n === 10_000 && atHundred ? { target: 2 * atHundred.time, note: 'target: twice that at 100' } : {}
  report({ name: `compile ${name}`, n, unit: 'us/node', engine: time, ...target })
}

/** 1,000 runs of ten nodes at once: how many start per second, and how many finish. */
export async function measureRuns(engine: EngineRunner, floor: Floor, report: (row: Row) => void): Promise<void> {
  const count = 1000
  const compiled = engine.compile(chain(8))
  const rates: { started: number; finished: number }[] = []
  for (let sample = 0; sample < 5; sample++) rates.push(await burst(engine, compiled, count))
  const best = (key: 'started' | 'finished'): number => Math.max(...rates.map((rate) => rate[key]))
  const floorRate = async (cases: FloorCases): Promise<number> => {
    const { median } = await measure(
      () => Promise.all(Array.from({ length: count }, () => cases.chain(10, { x: 7 })())),
      floorBudget,
    )
    return (count * 1000) / median
  }
  const [plain, sqlite] = [await floorRate(floor.plain), await floorRate(floor.sqlite)]
  report({ name: 'runs of ten nodes started', n: count, unit: 'runs/s', engine: best('started'), target: 5000 })
  report({ name: 'runs of ten nodes finished', n: count, unit: 'runs/s', engine: best('finished'), plain, sqlite })
}

async function burst(
  engine: EngineRunner,
  compiled: CompiledFlow,
  count: number,
): Promise<{ started: number; finished: number }> {
  const began = performance.now()
  const ids = await Promise.all(Array.from({ length: count }, () => engine.begin(compiled)))
  const started = performance.now()
  await Promise.all(ids.map((id) => engine.settle(compiled, id)))
  const rate = (end: number): number => (count * 1000) / (end - began)
  return { started: rate(started), finished: rate(performance.now()) }
}

/** One megabyte through 50 nodes. */
export async function measurePayload(engine: EngineRunner, floor: Floor, report: (row: Row) => void): Promise<void> {
  const flow = payload(50)
  const compiled = engine.compile(flow)
  const { median, best, samples } = await measure(() => engine.run(compiled))
  const plain = await measure(floor.plain.chain(flow.steps, flow.input), floorBudget)
  const sqlite = await measure(floor.sqlite.chain(flow.steps, flow.input), floorBudget)
  report({
    name: '1 MB through the nodes',
    n: 50,
    unit: 'ms',
    engine: median,
    best,
    plain: plain.median,
    sqlite: sqlite.median,
    target: 40,
    samples,
  })
}
