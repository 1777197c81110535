import { forwardEdges, layersOf } from './layers.ts'

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

const layerGap = 80
const rowGap = 24
const supplyGapY = 56
const supplyGapX = 32
const sweeps = 4
const grid = 4

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

function neighbours(count: number, edges: readonly (readonly [number, number])[], side: 0 | 1): number[][] {
  const lists: number[][] = Array.from({ length: count }, () => [])
  for (const edge of edges) lists[edge[side]]?.push(edge[side === 0 ? 1 : 0])
  return lists
}

/** Orders every layer by the mean place of its neighbours, going to and fro: few crossings for little work. */
function orderLayers(layers: number[][], count: number, edges: readonly (readonly [number, number])[]): void {
  const place = new Array<number>(count).fill(0)
  for (const layer of layers) layer.forEach((node, index) => (place[node] = index))
  const before = neighbours(count, edges, 1)
  const after = neighbours(count, edges, 0)
  const mean = (node: number, lists: number[][]) => {
    const list = lists[node] ?? []
    if (list.length === 0) return place[node] ?? 0
    return list.reduce((sum, neighbour) => sum + (place[neighbour] ?? 0), 0) / list.length
  }
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    const forward = sweep % 2 === 0
    for (const layer of forward ? layers : layers.toReversed()) {
      const keys = new Map(layer.map((node) => [node, mean(node, forward ? before : after)]))
      layer.sort((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0) || a - b)
      layer.forEach((node, index) => (place[node] = index))
    }
  }
}

/** Gives each node of a layer the height its predecessors ask for, without overlap. */
function stackLayers(
  layers: number[][],
  blocks: readonly Block[],
  edges: readonly (readonly [number, number])[],
): number[] {
  const top = new Array<number>(blocks.length).fill(0)
  const before = neighbours(blocks.length, edges, 1)
  for (const layer of layers) {
    const wished = layer.map((node) => {
      const list = before[node] ?? []
      return list.length === 0 ? 0 : list.reduce((sum, from) => sum + (top[from] ?? 0), 0) / list.length
    })
    const extent = layer.reduce((sum, node) => sum + (blocks[node]?.height ?? 0) + rowGap, -rowGap)
    const first = blocks[layer[0] ?? 0]?.height ?? 0
    const middle = wished.reduce((sum, y) => sum + y, 0) / Math.max(1, wished.length)
    let y = layer.length === 1 ? middle : middle - (extent - first) / 2
    for (const node of layer) {
      top[node] = y
      y += (blocks[node]?.height ?? 0) + rowGap
    }
  }
  return top
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
  const layers: number[][] = Array.from(
    { length: layerOf.reduce((max, layer) => Math.max(max, layer + 1), 0) },
    () => [],
  )
  layerOf.forEach((layer, node) => layers[layer]?.push(node))
  orderLayers(layers, blocks.length, forward)
  const tops = stackLayers(layers, blocks, forward)
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
