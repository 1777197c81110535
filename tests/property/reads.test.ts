import { expect, it } from 'vitest'
import { compile } from '../../engine/compile/compile.ts'
import type { Flow, FlowNode } from '../../model/document.ts'
import { formatEdge } from '../../model/edges.ts'
import { testKinds } from '../support/kinds.ts'
import { Random } from '../support/random.ts'
import { randomFlow } from '../support/randomFlow.ts'
import { ReferenceInterpreter } from '../support/referenceInterpreter.ts'

const wanted = Number(process.env['FLOWS'] ?? 1000)
/** A warning is shown true by a witness looked for at random, so a gate takes flows whose witnesses are known to be found. */
const gateSeed = process.env['CI'] === 'true' ? 1 : undefined
const seed = Number(process.env['SEED'] ?? gateSeed ?? Math.floor(Math.random() * 2 ** 31))
/** Runs tried to show that a warning is true. */
const tries = 4000

it(`warns of a read exactly where some run meets it unset (SEED=${String(seed)})`, { timeout: 300_000 }, () => {
  const seen = { flows: 0, warned: 0, silent: 0 }
  for (let number = seed; seen.flows < wanted; number++) {
    const random = new Random(number)
    const flow = randomFlow(random)
    const ids = Object.keys(flow.nodes)
    if (ids.length > 12 || ids.length < 4 || !compile(flow, testKinds, 'random.flow.json').machine) continue
    const [source, reader] = [random.pick(ids), random.pick(ids)]
    const isWarned = warns(flow, source, reader)
    const runs = isWarned ? tries : 40
    let met: Meeting = 'never'
    for (let count = 0; count < runs && met !== 'unset'; count++) {
      const one = meets(flow, source, reader, random)
      if (one !== 'never') met = one
    }
    // A reader that always loses a race is never run; what is said of it is neither true nor false.
    if (met === 'never' && isWarned) continue
    expect(met === 'unset', `SEED=${String(number)}: ${reader} reads ${source}\n${story(flow)}`).toBe(isWarned)
    seen.flows++
    if (isWarned) seen.warned++
    else seen.silent++
  }
  console.info(`seed ${String(seed)}: ${JSON.stringify(seen)}`)
})

function warns(flow: Flow, source: string, reader: string): boolean {
  const node = flow.nodes[reader]
  const nodes: Record<string, FlowNode> = {
    ...flow.nodes,
    ...(node && { [reader]: { ...node, data: { ...node.data, text: `{{ nodes.${source}.output }}` } } }),
  }
  const { diagnostics } = compile({ ...flow, nodes }, testKinds, 'random.flow.json')
  return diagnostics.some(({ code }) => code === 'reads-unset')
}

type Meeting = 'never' | 'set' | 'unset'

/** Plays one random run: has the source finished, other than by failing, each time the reader starts? */
function meets(flow: Flow, source: string, reader: string, random: Random): Meeting {
  let met: Meeting = 'never'
  const run = new ReferenceInterpreter(flow)
  const finished = new Set<string>()
  let step = run.begin()
  for (let count = 0; count < 60; count++) {
    if (step.starts.some((start) => start.node === reader)) {
      if (!finished.has(source)) return 'unset'
      met = 'set'
    }
    const running = run.running()
    if (step.ended || running.length === 0) return met
    const node = random.pick(running)
    const own = (flow.nodes[node]?.data?.['ports'] ?? ['out']) as string[]
    const used = flow.edges.flatMap((edge) => (edge.from === node ? [edge.fromPort] : []))
    const port = random.pick([...new Set([...own, ...used])])
    if (port !== 'error') finished.add(node)
    step = run.finish(node, port)
  }
  return met
}

function story(flow: Flow): string {
  return [
    ...Object.entries(flow.nodes).map(([id, { kind, policy }]) => `${id} ${kind} ${JSON.stringify(policy ?? {})}`),
    ...flow.edges.map(formatEdge),
  ].join('\n')
}
