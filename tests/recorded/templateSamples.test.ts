import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compile } from '../../engine/compile/compile.ts'
import type { FlowMachine } from '../../engine/compile/machine.ts'
import { loadKinds } from '../../engine/kinds.ts'
import { refold } from '../../engine/run/refold.ts'
import type { Flow } from '../../model/document.ts'
import type { RunEvent } from '../../model/events.ts'
import { parseEvents } from '../../model/eventSchema.ts'
import { parseFlow, serializeFlow } from '../../model/flowFile.ts'
import { emptyRunState, reduceRunAll } from '../../model/runState.ts'
import { sha256 } from '../support/sha256.ts'

const folder = new URL('../../templates/', import.meta.url)
const names = readdirSync(folder)

function read(name: string, file: string): string {
  return readFileSync(new URL(`${name}/${file}`, folder), 'utf8')
}

function flowOf(name: string): Flow {
  const { flow, diagnostics } = parseFlow(read(name, `${name}.flow.json`), name)
  expect(diagnostics).toEqual([])
  if (!flow) throw new Error(`${name} does not parse`)
  return flow
}

function machineOf(name: string): FlowMachine {
  const { machine, diagnostics } = compile(flowOf(name), loadKinds().specs, name)
  expect(diagnostics).toEqual([])
  if (!machine) throw new Error(`${name} does not compile`)
  return machine
}

function sampleOf(name: string): readonly RunEvent[] {
  const { events, problems } = parseEvents(read(name, 'sample.run.jsonl'))
  expect(problems).toEqual([])
  return events
}

const anything: unknown = expect.anything()
const someText: unknown = expect.any(String)

describe.each(names)('the template %s', (name) => {
  it('is written canonically, compiles without a warning and says what its inputs are', () => {
    const flow = flowOf(name)
    expect(serializeFlow(flow)).toBe(read(name, `${name}.flow.json`))
    machineOf(name)
    expect(flow.description).toBeTruthy()
    for (const input of Object.values(flow.inputs?.['properties'] ?? {}))
      expect(input).toMatchObject({ default: anything, description: someText })
  })

  it('replays its sample run to the same events and the same result, with nothing executed', () => {
    const events = sampleOf(name)
    const sources = { machineOf: () => machineOf(name) }
    expect(refold(events, sources)).toMatchObject({ differences: [], owed: [], state: { status: 'completed' } })
    const last = events.at(-1)
    if (last?.type !== 'run.finished') throw new Error('the sample run has finished')
    expect(refold(events.slice(0, -1), sources).owed).toEqual([{ type: 'run.finished', output: last.output }])
  })

  it('notices an end that the recorded steps do not lead to', () => {
    const error = { code: 'changed', message: 'Changed by hand.', retryable: false }
    const events = sampleOf(name).map((event) =>
      event.type === 'run.finished' ? { ...event, type: 'run.failed' as const, error } : event,
    )
    const { differences } = refold(events, { machineOf: () => machineOf(name) })
    expect(differences.map((difference) => difference.seq)).toContain(events.length)
  })

  it('shows its sample as completed, from a file that names this very flow and no folder of a machine', () => {
    const events = sampleOf(name)
    const state = reduceRunAll(emptyRunState, events)
    expect(state.status).toBe('completed')
    expect(state.started?.flowHash).toBe(sha256(read(name, `${name}.flow.json`)))
    expect(read(name, 'sample.run.jsonl')).not.toMatch(/"\/(?:home|tmp|root|Users|work)\//)
  })

  it('has a README that shows how to run it and how it fails', () => {
    const readme = read(name, 'README.md')
    expect(readme).toContain(`npx switchyard run templates/${name}/${name}.flow.json`)
    expect(readme).toContain('**When it fails:**')
    for (const input of Object.keys(flowOf(name).inputs?.['properties'] ?? {})) expect(readme).toContain(`\`${input}\``)
  })
})
