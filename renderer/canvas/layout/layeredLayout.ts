import { withLanes } from './lanes.ts'
import { forwardEdges, layersOf } from './layers.ts'
import { orderLayers, stackLayers } from './stackLayers.ts'

export interface LayoutNode {
  readonly id: string
  readonly width: number
  readonly height: number
  /** Room kept free below, into which the node grows while it runs. */
  readonly growth?: number
}

export interface LayoutInput {
  readonly nodes: readonly LayoutNode[]
  /** Token edges: they run from left to right. */
  readonly edges: readonly { readonly from: string; readonly to: string }[]
  /** Supply edges: the supplier lies below what it supplies. */
  readonly supplies: readonly { readonly from: string; readonly to: string }[]
}

export type Positions = ReadonlyMap<string, readonly [number, number]>

/** Space between layers, where edges bend. */
const layerGap = 80
const rowGap = 24
const supplyGapY = 56
const supplyGapX = 32
/** Room for an edge that passes a layer. */
const laneHeight = 40
const grid = 4

/** A node with its suppliers below it: laid out as one. */
interface Block {
  readonly node: LayoutNode
  readonly suppliers: readonly LayoutNode[]
  readonly width: number
  readonly height: number
}

function grown({ height, growth = 0 }: LayoutNode): number {
  return height + growth
}

function blockOf(node: LayoutNode, suppliers: readonly LayoutNode[]): Block {
  if (suppliers.length === 0) return { node, suppliers, width: node.width, height: grown(node) }
  const rowWidth = suppliers.reduce((sum, supplier) => sum + supplier.width, 0) + supplyGapX * (suppliers.length - 1)
  const rowHeight = Math.max(...suppliers.map(grown))
  return { node, suppliers, width: Math.max(node.width, rowWidth), height: grown(node) + supplyGapY + rowHeight }
}

function blocksOf(input: LayoutInput): Block[] {
  const byId = new Map(input.nodes.map((node) => [node.id, node]))
  const suppliersOf = new Map<string, LayoutNode[]>()
  const placed = new Set<string>()
  for (const { from, to } of input.supplies) {
    const supplier = byId.get(from)
    if (!supplier || !byId.has(to) || from === to || placed.has(from)) continue
    placed.add(from)
    suppliersOf.set(to, [...(suppliersOf.get(to) ?? []), supplier])
  }
  return input.nodes.filter((node) => !placed.has(node.id)).map((node) => blockOf(node, suppliersOf.get(node.id) ?? []))
}

function snap(value: number): number {
  return Math.round(value / grid) * grid
}

function placeBlock(block: Block, x: number, y: number, positions: Map<string, readonly [number, number]>): void {
  positions.set(block.node.id, [snap(x), snap(y)])
  const width = block.suppliers.reduce((sum, supplier) => sum + supplier.width + supplyGapX, -supplyGapX)
  let left = x + (block.node.width - width) / 2
  for (const supplier of block.suppliers) {
    positions.set(supplier.id, [snap(left), snap(y + grown(block.node) + supplyGapY)])
    left += supplier.width + supplyGapX
  }
}

/**
 * Lays a flow out in layers from left to right, with suppliers below their agents. Linear but for sorting: thousands of
 * nodes take milliseconds. Method: cycle removal by depth-first search, longest-path layering, barycentre sweeps
 * (Sugiyama, Tagawa, Toda 1981).
 */
export function layeredLayout(input: LayoutInput): Positions {
  const blocks = blocksOf(input)
  const index = new Map(blocks.map((block, number) => [block.node.id, number]))
  const edges = input.edges.flatMap(({ from, to }): [number, number][] => {
    const [a, b] = [index.get(from), index.get(to)]
    return a === undefined || b === undefined || a === b ? [] : [[a, b]]
  })
  const forward = forwardEdges({ count: blocks.length, edges })
  const layerOf = layersOf(blocks.length, forward)
  const laned = withLanes(blocks.length, layerOf, forward)
  const count = laned.layerOf.reduce((max, layer) => Math.max(max, layer + 1), 0)
  const layers: number[][] = Array.from({ length: count }, () => [])
  laned.layerOf.forEach((layer, node) => layers[layer]?.push(node))
  orderLayers(layers, laned.count, laned.edges)
  const heights = laned.layerOf.map((_, node) => blocks[node]?.height ?? laneHeight)
  const tops = stackLayers(layers, heights, laned.edges, rowGap)
  const positions = new Map<string, readonly [number, number]>()
  let x = 0
  for (const layer of layers) {
    const width = layer.reduce((max, node) => Math.max(max, blocks[node]?.width ?? 0), 0)
    for (const node of layer) {
      const block = blocks[node]
      if (block) placeBlock(block, x + (block.width - block.node.width) / 2, tops[node] ?? 0, positions)
    }
    x += width + layerGap
  }
  return positions
}
