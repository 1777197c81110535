import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Validator } from '@cfworker/json-schema'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { compile } from '../../engine/compile/compile.ts'
import { loadKinds } from '../../engine/kinds.ts'
import type { Flow } from '../../model/document.ts'
import { NodeFailure } from '../../model/failure.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { isJsonObject } from '../../model/json.ts'
import { paletteGroups, type NodeSpec } from '../../model/nodeSpec.ts'
import { executorCall } from '../support/executorCall.ts'
import { answeringServices, hangingServices, watchServices } from '../support/stubServices.ts'

const root = join(import.meta.dirname, '../..')
const kinds = loadKinds()
const folders = readdirSync(join(root, 'nodes'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

const readJson = (path: string): JsonObject => JSON.parse(readFileSync(path, 'utf8')) as JsonObject

function specOf(kind: string): NodeSpec {
  const spec = kinds.specs.get(kind)
  if (!spec) throw new Error(`nodes/${kind} has no spec.ts`)
  return spec
}

/** Data files of old and of the current version, by version. */
function fixtures(kind: string): [version: number, data: JsonObject][] {
  const folder = join(root, 'nodes', kind, 'fixtures')
  return readdirSync(folder).flatMap((name): [number, JsonObject][] => {
    const version = /^v(\d+)\.json$/.exec(name)?.[1]
    return version === undefined ? [] : [[Number(version), readJson(join(folder, name))]]
  })
}

function current(kind: string): JsonObject {
  const { version } = specOf(kind)
  const found = fixtures(kind).find(([of]) => of === version)
  if (!found) throw new Error(`nodes/${kind}/fixtures/v${version}.json is missing`)
  return found[1]
}

/** Evaluated settings of one run. */
const settingsOfRun = (kind: string): JsonObject => readJson(join(root, 'nodes', kind, 'fixtures/run.json'))

function executorOf(kind: string) {
  const executor = kinds.executor(kind)
  if (!executor) throw new Error(`nodes/${kind} has no execute.ts`)
  return executor
}

/** Names of the settings at a dotted path's start, as the JSON Schema has them. */
function settingNames(spec: NodeSpec): string[] {
  const { properties } = z.toJSONSchema(spec.data, { io: 'input' })
  return Object.keys(properties ?? {})
}

it('finds every folder as a kind', () => {
  expect([...kinds.specs.keys()].sort()).toEqual([...folders].sort())
})

describe.each(folders)('the kind %s', (kind) => {
  const spec = specOf(kind)

  it('has a folder of its name with spec, executor, test and fixtures', () => {
    expect(spec.kind).toBe(kind)
    for (const file of [
      'spec.ts',
      'execute.ts',
      `${kind}.test.ts`,
      `fixtures/v${spec.version}.json`,
      'fixtures/run.json',
    ]) {
      expect(existsSync(join(root, 'nodes', kind, file)), file).toBe(true)
    }
  })

  it('stands in the library with an icon that exists and a sentence', () => {
    const { label, group, icon, summary, keywords } = spec.palette
    expect(paletteGroups).toContain(group)
    expect(existsSync(join(root, 'node_modules/lucide-react/dist/esm/icons', `${icon}.mjs`)), icon).toBe(true)
    expect([label.length > 0 && label.length <= 24, /^[A-Z].{10,90}\.$/.test(summary), keywords.length > 2]).toEqual([
      true,
      true,
      true,
    ])
  })

  it('parses empty settings, or says which required ones are missing', () => {
    const issues = spec.data.safeParse({}).error?.issues ?? []
    const names = settingNames(spec)
    for (const { path, message } of issues) {
      expect(names).toContain(path[0])
      expect(message).toMatch(/^(must be|needs|is empty|Invalid input: expected nonoptional)/)
    }
  })

  it('migrates fixtures of every version, and its data round-trips through JSON', () => {
    expect(Object.keys(spec.migrations).map(Number)).toEqual(
      Array.from({ length: spec.version - 1 }, (_, index) => index + 1),
    )
    expect(
      fixtures(kind)
        .map(([version]) => version)
        .sort(),
    ).toEqual(Array.from({ length: spec.version }, (_, index) => index + 1))
    for (const [version, written] of fixtures(kind)) {
      let data: unknown = written
      for (let step = version; step < spec.version; step += 1) data = spec.migrations[step]?.(data)
      const parsed = spec.data.parse(data)
      expect(spec.data.parse(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed)
      if (version === spec.version) expect(parsed).toMatchObject(written)
    }
  })

  it('describes its settings by a JSON Schema that fits its fixture', () => {
    const schema = z.toJSONSchema(spec.data, { io: 'input' })
    expect(new Validator(schema as never, '2020-12').validate(current(kind)).errors).toEqual([])
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema)
  })

  it('names its ports validly and each once', () => {
    for (const data of [{}, spec.data.parse(current(kind))]) {
      const { inputs, outputs, supplies = [] } = spec.ports(data)
      for (const ports of [[...inputs, ...supplies], outputs]) {
        const names = ports.map(({ name }) => name)
        expect(names.filter((name) => !/^[A-Za-z0-9_-]+$/.test(name))).toEqual([])
        expect(new Set(names).size).toBe(names.length)
      }
      expect(outputs.map(({ name }) => name)).not.toContain('error')
    }
  })

  it('has inspector fields, expressions and verbatim settings that exist', () => {
    const names = settingNames(spec)
    const used = [...spec.fields.map(({ name }) => name), ...(spec.expressions ?? []), ...(spec.verbatim ?? [])]
    for (const name of used) expect(names).toContain(name.split('.')[0])
    for (const { label, editor, options } of spec.fields) {
      expect(label).toMatch(/^[A-Z]/)
      expect((options ?? []).length > 0).toBe(editor === 'select')
    }
  })

  it.each([
    {},
    {
      method: 5,
      url: [],
      cases: 'x',
      values: 1,
      path: null,
      command: {},
      message: [],
      value: {},
      prompt: 3,
      model: 7,
      name: [],
      schema: 1,
    },
  ])('describes unfinished settings without failing: %j', (data) => {
    expect(() => {
      spec.ports(data)
      spec.output(data)
      for (const field of spec.fields) field.when?.(data)
      if (typeof spec.idempotent === 'function') spec.idempotent(data)
    }).not.toThrow()
  })

  it('shows one line of what it will do', () => {
    expect(spec.subtitle?.({}) ?? '').toBeTypeOf('string')
    expect((spec.subtitle?.(spec.data.parse(current(kind))) ?? '').length).toBeLessThanOrEqual(40)
  })

  it('compiles in a flow of two nodes', () => {
    const { machine, diagnostics } = compile(twoNodes(spec), kinds.specs, 'test.flow.json')
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(machine?.meta.switchyard.nodes['tested']?.kind).toBe(kind)
  })

  it('runs with its own services alone and gives what it promises', async () => {
    const touched = new Set<string>()
    const services = watchServices(answeringServices(), touched)
    const isWait = spec.role?.type === 'wait'
    const call = executorCall(isWait ? {} : settingsOfRun(kind), { services, prev: { came: 'in' } })
    const result = await executorOf(kind)(call).catch((error: unknown) => error)
    expect([...touched].filter((name) => !(spec.needs as string[]).includes(name))).toEqual([])
    if (result instanceof NodeFailure) {
      expect([spec.role?.type, result.code]).toEqual(['fail', settingsOfRun(kind)['code']])
      return
    }
    const { port = 'out', output } = result as { port?: string; output: Json }
    const ports = spec.ports(settingsOfRun(kind)).outputs.map(({ name }) => name)
    if (ports.length > 0) expect(ports).toContain(port)
    expect(new Validator(spec.output(settingsOfRun(kind)), '2020-12').validate(output).errors).toEqual([])
  })

  it('honours cancel within a second', async () => {
    const controller = new AbortController()
    const reason = new Error('cancelled')
    const running = executorOf(kind)(
      executorCall(settingsOfRun(kind), { services: hangingServices(), signal: controller.signal }),
    ).catch((error: unknown) => error)
    setImmediate(() => controller.abort(reason))
    const deadline = AbortSignal.timeout(1000)
    const end = await Promise.race([
      running,
      new Promise((resolve) => deadline.addEventListener('abort', () => resolve('still running'))),
    ])
    expect(end).not.toBe('still running')
    if (end instanceof Error && !(end instanceof NodeFailure)) expect(end).toBe(reason)
  })

  it('fails as bad-setting, and in no other way, where a template gave the wrong type', async () => {
    for (const name of settingNames(spec)) {
      for (const wrong of [null, true, -1.5, 'x', [], [[]], {}, { a: { b: 1 } }]) {
        const data = { ...settingsOfRun(kind), [name]: wrong }
        const signal = AbortSignal.timeout(200)
        const result = await executorOf(kind)(executorCall(data, { services: answeringServices(), signal })).catch(
          (error: unknown) => error,
        )
        if (result === signal.reason) continue
        const title = `${name} = ${JSON.stringify(wrong)}`
        if (result instanceof Error) expect(result, title).toBeInstanceOf(NodeFailure)
        else
          expect(
            new Validator(spec.output(data), '2020-12').validate((result as { output: Json }).output).errors,
            title,
          ).toEqual([])
      }
    }
  })
})

/** The kind behind a start; a start before a return; and an edge from each of its ports to nowhere. */
function twoNodes(spec: NodeSpec): Flow {
  const isStart = spec.role?.type === 'start'
  const tested = { kind: spec.kind, version: spec.version, data: current(spec.kind) }
  const other = { kind: isStart ? 'return' : 'start', data: {} }
  if (!isJsonObject(tested.data)) throw new Error('fixtures are objects')
  const edge = isStart ? { from: 'tested', to: 'other' } : { from: 'other', to: 'tested' }
  return {
    format: 'switchyard.flow/1',
    name: 'Two nodes',
    nodes: Object.assign(Object.create(null) as Record<string, never>, { other, tested }),
    edges: [{ ...edge, fromPort: 'out', toPort: 'in' }],
  }
}
