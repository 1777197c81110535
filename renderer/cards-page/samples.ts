import type { FlowNode } from '../../model/document.ts'
import type { NodeSpec } from '../../model/nodeSpec.ts'
import type { CardProblems } from '../canvas/CardView.tsx'
import { kinds } from '../kinds.ts'
import { type NodeRunView, nodeStatuses } from '../state/nodeRun.ts'

/** One card of the development page. */
export interface Sample {
  readonly id: string
  readonly node: FlowNode
  readonly run?: NodeRunView
  readonly stream?: string
  readonly selected?: boolean
  readonly pinned?: boolean
  readonly breakpoint?: boolean
  readonly edited?: boolean
  readonly problems?: CardProblems
  readonly unfolded?: boolean
  readonly supplier?: boolean
  readonly errorWired?: boolean
}

const started = Date.now() - 49_600

const details: Partial<Record<NodeRunView['status'], Partial<NodeRunView>>> = {
  running: { startedAt: started },
  retrying: { attempt: 2, attempts: 3, dueAt: Date.now() + 3_600_000 },
  waiting: { dueAt: Date.now() + 7_200_000 },
  human: { startedAt: started },
  done: { durationMs: 1234, visits: 3 },
  failed: { durationMs: 41_000, error: 'The server answered 404: look at the address.' },
  cancelled: { durationMs: 300 },
}

/** Texts that are hard to fit: short, long, very long, German, Chinese, Japanese. */
export const labels = [
  'Go',
  'Fetch all the open issues of this month',
  'Fetch every open issue of every repository we have, sort them by how urgent they sound, and keep the ten that matter most now',
  'Straßenbahnfahrplanänderungsbenachrichtigungen versenden',
  '获取所有未解决的问题并按紧急程度排序，然后通知值班人员处理',
  '未解決の課題をすべて取得して緊急度順に並べ替えます',
] as const

const settings: Readonly<Record<string, FlowNode['data']>> = {
  http: { url: 'https://api.example.com/repositories/switchyard/issues' },
  if: { condition: '{{ prev.status === 200 }}' },
  'write-file': { path: 'reports/2026/november/week-47/digest.md', content: 'x' },
  'read-file': { path: 'data/input.csv' },
  shell: { command: ['npm', 'run', 'build'] },
  llm: { model: 'openai/gpt-5-mini', prompt: 'Summarize {{ prev.text }}' },
  agent: { model: 'openai/gpt-5-mini', instructions: 'Check it.' },
  switch: { value: '{{ prev.kind }}', cases: ['a', 'b', 'c'].map((port) => ({ port, equals: port })) },
  wait: { for: '10m' },
}

function nodeOf(kind: string, label?: string): FlowNode {
  const data = settings[kind]
  return { kind, ...(label === undefined ? {} : { label }), ...(data ? { data } : {}) }
}

function manyPorts(count: number): FlowNode {
  const ports = Array.from({ length: count }, (_, index) => `outcome-${index + 1}`)
  return {
    kind: 'switch',
    label: 'Eight ways on',
    data: { value: '{{ prev }}', cases: ports.map((port) => ({ port, equals: port })) },
  }
}

const problems: CardProblems = { errors: 2, warnings: 1, text: 'URL is empty.\nNo path leads here.' }
const warning: CardProblems = { errors: 0, warnings: 1, text: 'On one path nothing set this.' }

function everyKind(): Sample[] {
  return [...kinds.values()].map((spec: NodeSpec) => ({ id: `kind-${spec.kind}`, node: nodeOf(spec.kind) }))
}

function everyState(kind: string): Sample[] {
  return nodeStatuses.map((status) => ({
    id: `${kind}-${status}`,
    node: nodeOf(kind, `State ${status}`),
    run: { status, ...details[status] },
  }))
}

function everyLabel(kind: string): Sample[] {
  return labels.map((label, index) => ({
    id: `label-${kind}-${index}`,
    node: nodeOf(kind, label),
    run: { status: 'done', durationMs: 61_000 },
  }))
}

const stream =
  'This release makes imports three times faster and fixes the crash when a template holds no node at all, in every language'

const specials: readonly Sample[] = [
  { id: 'selected', node: nodeOf('http', 'Selected'), selected: true },
  {
    id: 'selected-running',
    node: nodeOf('http', 'Selected and running'),
    selected: true,
    run: { status: 'running', startedAt: started },
  },
  { id: 'disabled', node: { ...nodeOf('http', 'Disabled'), disabled: true } },
  {
    id: 'edited',
    node: nodeOf('http', 'Changed since this run'),
    edited: true,
    run: { status: 'done', durationMs: 900 },
  },
  { id: 'pinned', node: nodeOf('http', 'Pinned'), pinned: true },
  {
    id: 'all-tags',
    node: { ...nodeOf('http', 'Pinned, disabled, with problems'), disabled: true },
    edited: true,
    pinned: true,
    breakpoint: true,
    problems,
  },
  { id: 'breakpoint', node: nodeOf('shell', 'With a breakpoint'), breakpoint: true, run: { status: 'paused' } },
  { id: 'problem', node: nodeOf('http', 'With problems'), problems },
  { id: 'warning', node: nodeOf('http', 'With a warning'), problems: warning },
  { id: 'unset', node: { kind: 'http' } },
  { id: 'unknown', node: { kind: 'teleport', label: 'A kind from elsewhere' } },
  {
    id: 'streaming',
    node: nodeOf('agent', 'Write release notes'),
    run: { status: 'running', startedAt: started },
    stream,
  },
  {
    id: 'streaming-cjk',
    node: nodeOf('llm', '翻訳する'),
    run: { status: 'running', startedAt: started },
    stream: labels[4].repeat(4),
  },
  { id: 'eight', node: manyPorts(8) },
  { id: 'eight-open', node: manyPorts(8), unfolded: true },
  { id: 'supplier', node: nodeOf('http', 'A tool of an agent'), supplier: true },
  { id: 'error-wired', node: nodeOf('http', 'With an error path'), errorWired: true },
]

/** Every card of the page: each kind, each state, hard labels, and what is special. */
export const samples: readonly Sample[] = [
  ...everyKind(),
  ...everyState('http'),
  ...everyState('if'),
  ...everyLabel('http'),
  ...everyLabel('switch'),
  ...specials,
]
