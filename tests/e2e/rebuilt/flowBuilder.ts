import type { Field } from '../../../model/nodeSpec.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { formatEdge, parseEdge, type Edge } from '../../../model/edges.ts'
import { holeOf } from '../../../renderer/inspector/expressionText.ts'
import { kinds } from '../../../renderer/kinds.ts'
import type { FlowDriver } from '../flowDriver.ts'
import { GestureCount } from './gestureCount.ts'
import type { Hands } from './hands.ts'
import type { RebuiltFlow, RebuiltNode } from './rebuiltFlow.ts'

/** Builds a described workflow in the page, as a person would who knows what shall come out. */
export class FlowBuilder {
  readonly count: GestureCount
  readonly #driver: FlowDriver
  readonly #hands: Hands
  readonly #flow: RebuiltFlow
  readonly #missing: Set<string>
  #last = 'start'

  constructor(driver: FlowDriver, hands: Hands, flow: RebuiltFlow) {
    this.#driver = driver
    this.#hands = hands
    this.#flow = flow
    this.#missing = new Set(flow.edges)
    this.count = new GestureCount(driver)
  }

  async build(): Promise<void> {
    await this.count.ofFlow(() => this.#describeFlow())
    const placed = new Set<string>()
    for (const node of this.#flow.nodes) {
      await this.count.of(node.id, 'placing', () => this.#place(node, placed))
      placed.add(node.id)
      if (node.kind !== 'start') this.#last = node.id
      await this.count.of(node.id, 'settings', () => this.#fill(node))
      for (const edge of this.#drawable(placed)) {
        await this.count.of(edge.to, 'placing', () => this.#hands.connect(edge, this.#last))
        this.#missing.delete(formatEdge(edge))
        await this.#driver.edge(formatEdge(edge)).waitFor({ state: 'attached' })
      }
    }
  }

  /** A new flow with its inputs (at the start, which is selected) and its name. */
  async #describeFlow(): Promise<void> {
    await this.#hands.newFlow()
    await this.#driver.node('start').waitFor()
    for (const [index, [name, value]] of Object.entries(this.#flow.input).entries()) {
      if (index === 0) await this.#hands.addEntry('inputs')
      else await this.#driver.press('Enter')
      await this.#driver.type(name)
      if (typeof value !== 'number') continue
      await this.#driver.press('Tab')
      await this.#driver.type('integer')
      await this.#driver.press('Shift+Tab')
    }
    await this.#hands.toName()
    await this.#driver.press('Control+a')
    await this.#driver.type(this.#flow.name)
    await this.#driver.press('Escape')
  }

  async #place(node: RebuiltNode, placed: ReadonlySet<string>): Promise<void> {
    if (node.kind === 'start') return this.#nameStart(node)
    const edges = this.#flow.edges.map(edgeOf)
    const into = edges.find((edge) => edge.to === node.id && placed.has(edge.from))
    const edge = into ?? edges.find((candidate) => candidate.from === node.id && placed.has(candidate.to))
    if (!edge) throw new Error(`No edge leads to ${node.id}.`)
    await this.#hands.beginNode(edge, into ? 'to' : 'from', this.#last)
    await this.#driver.choose(`${labelOf(node.kind)}: ${node.label}`)
    await this.#driver.node(node.id).waitFor({ state: 'attached' })
    this.#missing.delete(formatEdge(edge))
  }

  /** The start is there already and selected when the flow is new. */
  async #nameStart(node: RebuiltNode): Promise<void> {
    await this.#driver.press('Alt+ArrowRight')
    await this.#driver.press('F2')
    await this.#driver.page.locator('.react-flow__node input').waitFor()
    await this.#driver.type(node.label)
    await this.#driver.press('Enter')
  }

  async #fill(node: RebuiltNode): Promise<void> {
    const wanted = fieldsOf(node)
    if (wanted.length === 0) return
    const asked = await this.#askedField()
    const first = wanted.find((field) => `data.${field.name}` === asked)
    for (const field of first ? [first, ...wanted.filter((other) => other !== first)] : wanted) {
      await this.#fillField(field, node.data[field.name] ?? null, field === first)
    }
    for (const _name of Object.keys(propertiesOf(node.params))) await this.#hands.addEntry('params')
  }

  /** The setting that a new node has put the cursor into. */
  async #askedField(): Promise<string> {
    const found = await this.#driver.page.waitForFunction(() => {
      return document.activeElement?.closest('[data-panel=inspector] [data-field]')?.getAttribute('data-field')
    })
    return String(await found.jsonValue())
  }

  async #fillField(field: Field, value: Json, focused: boolean): Promise<void> {
    const path = `data.${field.name}`
    if (field.editor === 'cases') return this.#fillCases(path, value)
    if (!focused) await this.#hands.toField(path)
    if (field.editor === 'pairs' && isJsonObject(value))
      return this.#typeLines(Object.entries(value).map(([name, part]) => `${name}: ${textOf(part)}`))
    if (field.editor === 'expression' && typeof value === 'string')
      return this.#driver.type(holeOf(value)?.trim() ?? value)
    if (field.editor === 'select') return this.#driver.type(optionOf(field, value))
    await this.#driver.type(textOf(value))
  }

  async #fillCases(path: string, value: Json): Promise<void> {
    const cases = Array.isArray(value) ? value.filter(isJsonObject) : []
    await this.#hands.addEntry(path)
    await this.#typeLines(cases.flatMap((entry) => [textOf(entry['port'] ?? ''), textOf(entry['equals'] ?? '')]))
  }

  async #typeLines(lines: readonly string[]): Promise<void> {
    for (const [index, line] of lines.entries()) {
      if (index > 0) await this.#driver.press('Enter')
      await this.#driver.type(line)
    }
  }

  /** Edges that are not drawn yet though both their ends are there. */
  #drawable(placed: ReadonlySet<string>): Edge[] {
    return [...this.#missing].map(edgeOf).filter((edge) => placed.has(edge.from) && placed.has(edge.to))
  }
}

function edgeOf(text: string): Edge {
  const edge = parseEdge(text)
  if (!edge) throw new Error(`Not an edge: ${text}`)
  return edge
}

function labelOf(kind: string): string {
  return (kinds.get(kind)?.palette.label ?? kind).toLowerCase()
}

/** Settings that the description names, in the order of the inspector. */
function fieldsOf(node: RebuiltNode): readonly Field[] {
  return (kinds.get(node.kind)?.fields ?? []).filter((field) => Object.hasOwn(node.data, field.name))
}

function optionOf(field: Field, value: Json): string {
  return field.options?.find((option) => option.value === value)?.label ?? textOf(value)
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function propertiesOf(schema: JsonObject | undefined): JsonObject {
  return isJsonObject(schema?.['properties']) ? schema['properties'] : {}
}
