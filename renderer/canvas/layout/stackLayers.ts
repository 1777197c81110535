type Link = readonly [number, number]

const sweeps = 4

function neighbours(count: number, edges: readonly Link[], side: 0 | 1): number[][] {
  const lists: number[][] = Array.from({ length: count }, () => [])
  for (const edge of edges) lists[edge[side]]?.push(edge[side === 0 ? 1 : 0])
  return lists
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length
}

/** Orders every layer by the mean place of its neighbours, going to and fro: few crossings for little work. */
export function orderLayers(layers: number[][], count: number, edges: readonly Link[]): void {
  const place = new Array<number>(count).fill(0)
  for (const layer of layers) layer.forEach((node, index) => (place[node] = index))
  const before = neighbours(count, edges, 1)
  const after = neighbours(count, edges, 0)
  const wishOf = (node: number, lists: number[][]) => {
    const list = lists[node] ?? []
    return list.length === 0 ? (place[node] ?? 0) : mean(list.map((neighbour) => place[neighbour] ?? 0))
  }
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    const forward = sweep % 2 === 0
    for (const layer of forward ? layers : layers.toReversed()) {
      const keys = new Map(layer.map((node) => [node, wishOf(node, forward ? before : after)]))
      layer.sort((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0) || a - b)
      layer.forEach((node, index) => (place[node] = index))
    }
  }
}

/**
 * Tops of all nodes: each lies where its predecessors do, as far as the order and the room of its layer let it; a layer
 * as a whole is neither above nor below what its nodes ask for.
 */
export function stackLayers(
  layers: readonly (readonly number[])[],
  heights: readonly number[],
  edges: readonly Link[],
  gap: number,
): number[] {
  const top = new Array<number>(heights.length).fill(0)
  const before = neighbours(heights.length, edges, 1)
  for (const layer of layers) {
    const wished = layer.map((node) => {
      const list = before[node] ?? []
      return list.length === 0 ? undefined : mean(list.map((from) => top[from] ?? 0))
    })
    let cursor = -Infinity
    const stacked = layer.map((node, index) => {
      const y = Math.max(wished[index] ?? (cursor === -Infinity ? 0 : cursor), cursor)
      cursor = y + (heights[node] ?? 0) + gap
      return y
    })
    const shifts = stacked.flatMap((y, index) => {
      const wish = wished[index]
      return wish === undefined ? [] : [y - wish]
    })
    const shift = shifts.length === 0 ? 0 : mean(shifts)
    layer.forEach((node, index) => (top[node] = (stacked[index] ?? 0) - shift))
  }
  return top
}
