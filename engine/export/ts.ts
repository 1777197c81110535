import type { Json } from '../../model/json.ts'
import type { KindRegistry, NodeSpec } from '../../model/nodeSpec.ts'
import edgesSource from '../../model/edges.ts?raw'
import scopeTokensSource from '../compile/scopeTokens.ts?raw'
import chunkedListSource from '../run/chunkedList.ts?raw'
import ledgerSource from '../run/ledger.ts?raw'
import scopePlanSource from '../run/scopePlan.ts?raw'
import standaloneSource from '../run/standalone.ts?raw'
import standaloneBodySource from '../run/standaloneBody.ts?raw'
import standaloneNodeSource from '../run/standaloneNode.ts?raw'
import type { FlowMachine, PlannedNode, PlannedPolicy, ScopeMachine } from '../compile/machine.ts'
import { settingsSource } from './settingsSource.ts'

/** The parts of the engine an exported flow brings along, in the order in which they build on each other. */
const runtime = [
  edgesSource,
  scopeTokensSource,
  chunkedListSource,
  scopePlanSource,
  ledgerSource,
  standaloneNodeSource,
  standaloneBodySource,
  standaloneSource,
]

/**
 * Writes a flow as a TypeScript module that depends on `xstate` alone. It exports `createFlow({ actors })`, a machine for
 * `createActor(machine, { input })`; `actors` holds an actor for every kind that is not pure, listed in the module's
 * header. EXECUTION.md 10.1.
 */
export function exportTypeScript(machine: FlowMachine, kinds: KindRegistry): string {
  const { switchyard, tokens } = machine.meta
  const online = Object.entries(switchyard.nodes).filter(([, node]) => node.offline === undefined)
  const effects = [
    ...new Set(
      online.flatMap(([, node]) =>
        kinds.get(node.kind)?.standalone || node.role?.type === 'container' ? [] : [node.kind],
      ),
    ),
  ]
  const pure = [...new Set(online.map(([, node]) => node.kind))].flatMap((kind) => {
    const run = kinds.get(kind)?.standalone
    return run ? [`  ${JSON.stringify(kind)}: ${run.toString()},`] : []
  })
  const { id, initial, states, on } = machine
  const config = JSON.stringify({ id, initial, states, ...(on && { on }) }, null, 2)
  return [
    header(switchyard.name, effects),
    "import { createActor, fromPromise, setup, toPromise } from 'xstate'",
    "import type { AnyActorLogic, AnyStateMachine, PromiseActorLogic } from 'xstate'",
    '',
    `const config = ${config}`,
    '',
    `const tokens: ScopeTokens = ${JSON.stringify(tokens, null, 2)}`,
    '',
    `const bodies: StandaloneFlow['bodies'] = ${JSON.stringify(bodiesOf(switchyard.scopes), null, 2)}`,
    '',
    'const kinds: Record<string, any> = {',
    ...pure,
    '}',
    '',
    'const nodes: Record<string, StandaloneNode> = {',
    ...online.map(([node, planned]) => nodeSource(node, planned, kinds.get(planned.kind))),
    '}',
    '',
    createFlowSource(effects),
    '',
    ...runtime.map(bare),
  ].join('\n')
}

function header(name: string, effects: readonly string[]): string {
  const needs = effects.length === 0 ? 'It needs no actors.' : `It needs actors for: ${effects.join(', ')}.`
  const title = name.replaceAll('*/', '* /')
  return `// @ts-nocheck: the expressions of a flow are JavaScript without types.\n/**\n * ${title}: a flow, exported. Run it with createActor(createFlow({ actors }), { input }).\n * ${needs}\n */`
}

function createFlowSource(effects: readonly string[]): string {
  const type =
    effects.length === 0
      ? 'Record<string, AnyActorLogic>'
      : `{ ${effects.map((kind) => `${JSON.stringify(kind)}: AnyActorLogic`).join('; ')} }`
  return [
    '/** An actor gets { node, data, prev, attempt } as its input and gives { port?, output }. */',
    `export function createFlow({ actors }: { actors: ${type} }${effects.length === 0 ? ' = { actors: {} }' : ''}): AnyStateMachine {`,
    '  return createStandalone({ config, tokens, nodes, bodies, clock: globalThis }, actors)',
    '}',
    '',
    'function joinText(...parts: any[]): string {',
    "  return parts.map((part) => (part === null || part === undefined ? '' : typeof part === 'object' ? JSON.stringify(part) : String(part))).join('')",
    '}',
  ].join('\n')
}

function bodiesOf(scopes: Readonly<Record<string, ScopeMachine>>): object {
  const bodies = Object.entries(scopes).map(([container, { id, initial, states, on, meta }]) => {
    return [container, { config: { id, initial, states, ...(on && { on }) }, tokens: meta.tokens }] as const
  })
  return Object.fromEntries(bodies)
}

function nodeSource(id: string, node: PlannedNode, spec: NodeSpec | undefined): string {
  const code = spec?.fields.flatMap((field) => (field.editor === 'code' ? [field.name] : [])) ?? []
  const rules = { verbatim: spec?.verbatim ?? [], expressions: spec?.expressions ?? [], code }
  const { role } = node
  const isLoop = role?.type === 'container' && role.iterates === 'loop'
  const { while: before, until: after, ...others } = node.data
  const settings = isLoop ? others : node.data
  const parts = [
    `kind: ${JSON.stringify(node.kind)}`,
    `settings: ${settingsSource(settings, rules)}`,
    ...(spec?.standalone ? [`run: kinds[${JSON.stringify(node.kind)}]`] : []),
    ...(role?.type === 'container' ? part('iterates', role.iterates) : []),
    ...(isLoop ? [`conditions: { ${[...condition('while', before), ...condition('until', after)].join(', ')} }`] : []),
    ...part('failurePort', node.failurePort),
    ...part('disabled', node.disabled),
    ...part('pin', node.pin && { port: node.pin.port, output: node.pin.output }),
    ...policyParts(node.policy),
  ]
  return `  ${JSON.stringify(id)}: {\n${parts.map((text) => `    ${text},\n`).join('')}  },`
}

function policyParts(policy: PlannedPolicy = {}): string[] {
  const { retry, timeoutMs, each } = policy
  return [
    ...part('retry', retry && (JSON.parse(JSON.stringify(retry)) as Json)),
    ...part('timeoutMs', timeoutMs),
    ...(each ? [`each: { items: ${oneSetting(each.items)}, concurrency: ${String(each.concurrency)} }`] : []),
  ]
}

function condition(name: string, value: Json | undefined): string[] {
  return value === undefined || value === null ? [] : [`${name}: ${oneSetting(value)}`]
}

/** A setting that is one hole or a JSON value, as a function of the scope. */
function oneSetting(value: Json): string {
  return `(scope) => (${settingsSource({ value }, { verbatim: [], expressions: ['value'], code: [] })})(scope).value`
}

function part(name: string, value: Json | undefined): string[] {
  return value === undefined ? [] : [`${name}: ${JSON.stringify(value)}`]
}

/** A source file without its imports and exports. */
function bare(source: string): string {
  return source
    .replaceAll(/^import [^;]*? from '[^']+'\n/gm, '')
    .replaceAll(/^export /gm, '')
    .trim()
    .concat('\n')
}
