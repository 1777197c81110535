import { z } from 'zod'
import { defineKind, type KindRegistry, type NodeSpec, type Port, type Role } from '../../model/nodeSpec.ts'

const ports = (...names: string[]): Port[] => names.map((name) => ({ name }))

/** Ports a `step` has besides its `out`: set by its data, so that a test can draw any graph. */
const stepData = z.looseObject({ ports: z.array(z.string()).default(['out']) })

interface Shape {
  readonly inputs?: readonly Port[]
  readonly outputs?: readonly Port[]
  readonly supplies?: readonly Port[]
  readonly role?: Role
  readonly expressions?: readonly string[]
}

function kind(name: string, shape: Shape = {}): NodeSpec {
  const { inputs = ports('in'), outputs = ports('out'), supplies = [], role, expressions } = shape
  return defineKind({
    kind: name,
    version: 1,
    palette: { label: name, group: 'Control', icon: 'circle', summary: name, keywords: [] },
    needs: [],
    idempotent: true,
    pure: true,
    ...(role && { role }),
    ...(expressions && { expressions }),
    ports: () => ({ inputs, outputs, supplies }),
    fields: [],
    data: z.looseObject({}),
    output: () => ({}),
    migrations: {},
  })
}

const step = defineKind<z.infer<typeof stepData>>({
  ...kind('step'),
  data: stepData,
  ports: (data) => ({ inputs: ports('in'), outputs: (data.ports ?? []).map((name) => ({ name })) }),
  migrations: {},
})

const needyData = z.looseObject({ url: z.string('must be text') })
const needy = defineKind<z.infer<typeof needyData>>({
  ...kind('needy'),
  data: needyData,
  ports: () => ({ inputs: ports('in'), outputs: ports('out') }),
  migrations: {},
})

/** Small kinds for tests of the token rules: `step` finishes on whatever ports its data lists. */
export const testKinds: KindRegistry = new Map(
  [
    kind('start', { inputs: [], role: { type: 'start' } }),
    kind('trigger', { inputs: [], role: { type: 'trigger' } }),
    kind('return', { outputs: [], role: { type: 'return' } }),
    kind('fail', { outputs: [], role: { type: 'fail' } }),
    kind('if', { outputs: ports('true', 'false'), role: { type: 'decision' }, expressions: ['condition'] }),
    kind('for-each', { role: { type: 'container', iterates: 'each' }, expressions: ['items'] }),
    kind('loop', { role: { type: 'container', iterates: 'loop' }, expressions: ['while', 'until'] }),
    kind('try', { outputs: ports('out', 'caught'), role: { type: 'container', iterates: 'once' } }),
    kind('agent', { supplies: ports('model', 'tools'), role: { type: 'agent' } }),
    step,
    needy,
  ].map((spec) => [spec.kind, spec]),
)
