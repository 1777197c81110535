import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LayoutInput, layeredLayout } from './layeredLayout.ts'
import { forwardEdges, layersOf } from './layers.ts'

function input(ids: readonly string[], edges: readonly string[], supplies: readonly string[] = []): LayoutInput {
  const pair = (text: string) => {
    const [from = '', to = ''] = text.split('>')
    return { from, to }
  }
  return {
    nodes: ids.map((id) => ({ id, width: 240, height: 56 })),
    edges: edges.map(pair),
    supplies: supplies.map(pair),
  }
}

function placeOf(positions: ReturnType<typeof layeredLayout>, id: string): readonly [number, number] {
  const at = positions.get(id)
  if (!at) throw new Error(`${id} has no place.`)
  return at
}

const randomGraph = fc.integer({ min: 1, max: 40 }).chain((count) =>
  fc.record({
    count: fc.constant(count),
    edges: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 3 * count }),
    supplies: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 5 }),
  }),
)

describe('layeredLayout', () => {
  it('lays a chain out in a row', () => {
    const positions = layeredLayout(input(['a', 'b', 'c'], ['a>b', 'b>c']))
    const [a, b, c] = ['a', 'b', 'c'].map((id) => placeOf(positions, id))
    expect(a?.[1]).toBe(b?.[1])
    expect(b?.[1]).toBe(c?.[1])
    expect((b?.[0] ?? 0) - (a?.[0] ?? 0)).toBe((c?.[0] ?? 0) - (b?.[0] ?? 0))
  })

  it('puts a join behind the longest of its branches', () => {
    const positions = layeredLayout(input(['a', 'b', 'c', 'd'], ['a>b', 'b>c', 'c>d', 'a>d']))
    expect(placeOf(positions, 'd')[0]).toBeGreaterThan(placeOf(positions, 'c')[0])
  })

  it('leaves a long edge a lane of its own', () => {
    const positions = layeredLayout(input(['a', 'b', 'c', 'd'], ['a>b', 'b>c', 'c>d', 'a>d']))
    const [, top] = placeOf(positions, 'b')
    const [, fromTop] = placeOf(positions, 'a')
    const [, toTop] = placeOf(positions, 'd')
    const line = (fromTop + toTop) / 2 + 28
    expect(line < top || line > top + 56).toBe(true)
  })

  it('does not mind loops, and leads their back edge back', () => {
    const positions = layeredLayout(input(['a', 'b', 'c'], ['a>b', 'b>c', 'c>b']))
    expect(placeOf(positions, 'c')[0]).toBeGreaterThan(placeOf(positions, 'b')[0])
  })

  it('puts suppliers below their agent', () => {
    const positions = layeredLayout(
      input(['start', 'agent', 'fetch', 'search'], ['start>agent'], ['fetch>agent', 'search>agent']),
    )
    for (const supplier of ['fetch', 'search']) {
      expect(placeOf(positions, supplier)[1]).toBeGreaterThan(placeOf(positions, 'agent')[1] + 56)
    }
  })

  it('places every node of any graph once, without overlap', () => {
    fc.assert(
      fc.property(randomGraph, ({ count, edges, supplies }) => {
        const name = (pairs: readonly (readonly [number, number])[]) =>
          pairs.map(([from, to]) => ({ from: `n${from}`, to: `n${to}` }))
        const nodes = Array.from({ length: count }, (_, index) => ({
          id: `n${index}`,
          width: 240,
          height: 56 + (index % 3) * 40,
        }))
        const acyclic = supplies.filter(([from, to]) => from > to)
        const positions = layeredLayout({
          nodes,
          edges: name(edges),
          supplies: name(acyclic.filter(([, to]) => !acyclic.some(([from]) => from === to))),
        })
        expect(positions.size).toBe(count)
        const boxes = nodes.map(({ id, width, height }) => ({
          x: placeOf(positions, id)[0],
          y: placeOf(positions, id)[1],
          width,
          height,
        }))
        for (const [index, a] of boxes.entries()) {
          for (const b of boxes.slice(index + 1)) {
            const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y
            expect(apart).toBe(true)
          }
        }
      }),
    )
  })

  it('gives every forward edge a later layer', () => {
    fc.assert(
      fc.property(randomGraph, ({ count, edges }) => {
        const forward = forwardEdges({ count, edges: edges.filter(([from, to]) => from !== to) })
        const layer = layersOf(count, forward)
        for (const [from, to] of forward) expect(layer[to] ?? 0).toBeGreaterThan(layer[from] ?? 0)
      }),
    )
  })

  it('lays out three thousand nodes at once', () => {
    const ids = Array.from({ length: 3000 }, (_, index) => `n${index}`)
    const edges = ids.slice(1).map((id, index) => `n${Math.floor(index / 2)}>${id}`)
    const began = performance.now()
    expect(layeredLayout(input(ids, edges)).size).toBe(3000)
    expect(performance.now() - began).toBeLessThan(1000)
  })
})
