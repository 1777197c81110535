import { describe, expect, it } from 'vitest'
import { parseEdge } from '../../model/edges.ts'
import { scopeGraph } from './graph.ts'
import { findLoops } from './loops.ts'

/** Loops as `header: members (in outer header)`, outer ones first. */
function loopsOf(...texts: string[]): string[] {
  const edges = texts.flatMap((text) => parseEdge(text) ?? [])
  const ids = [...new Set(edges.flatMap((edge) => [edge.from, edge.to]))]
  const graph = scopeGraph(ids, edges, (_, id) => id === 's')
  const { loops, secondEntries } = findLoops(graph)
  if (secondEntries.length > 0)
    return secondEntries.map(
      ({ edge, header }) => `${ids[header] ?? ''} also by ${ids[edge.from] ?? ''} -> ${ids[edge.to] ?? ''}`,
    )
  const idOf = (node: number | undefined): string => ids[node ?? -1] ?? ''
  return loops.map(({ header, parent, members }) => {
    const outer = loops[parent]
    return `${idOf(header)}: ${members.map(idOf).join(' ')}${outer ? ` in ${idOf(outer.header)}` : ''}`
  })
}

describe('findLoops', () => {
  it('finds none in an acyclic graph', () => {
    expect(loopsOf('s -> a', 's -> b', 'a -> c', 'b -> c')).toEqual([])
  })
  it('takes a node that leads to itself as a loop', () => {
    expect(loopsOf('s -> a', 'a -> a', 'a -> b')).toEqual(['a: a'])
  })
  it('merges loops with one header', () => {
    expect(loopsOf('s -> h', 'h -> a', 'h -> b', 'a -> h', 'b -> h', 'a -> x')).toEqual(['h: h a b'])
  })
  it('nests loops', () => {
    expect(loopsOf('s -> o', 'o -> i', 'i -> d', 'd -> i', 'd -> o', 'd -> x')).toEqual(['o: o', 'i: i d in o'])
  })
  it('keeps loops apart that follow each other', () => {
    expect(loopsOf('s -> a', 'a -> b', 'b -> a', 'b -> c', 'c -> c', 'c -> x')).toEqual(['a: a b', 'c: c'])
  })
  it('leaves out what no path from the entry reaches', () => {
    expect(loopsOf('s -> a', 'x -> y', 'y -> x', 'y -> a')).toEqual([])
  })
  it('names the edge that enters a loop beside its header', () => {
    expect(loopsOf('s -> a', 's -> b', 'a -> b', 'b -> a')).toEqual(['a also by s -> b'])
  })
})
