import { describe, expect, it } from 'vitest'
import { flowOf, type NodeNote } from '../support/flows.ts'
import { Player } from '../support/player.ts'

const any: NodeNote = { policy: { join: 'any' } }
const play = (edges: readonly string[], nodes: Record<string, NodeNote> = {}): Player =>
  new Player(flowOf(edges, { start: {}, ...nodes }))

describe('3.1 a node finishes on one port', () => {
  it('starts the run at its start', () => {
    expect(play(['start -> a']).run()).toEqual(['start start'])
  })
  it('makes the edges of the port live and all others dead', () => {
    expect(play(['start -> a', 'a:x -> b', 'a:y -> c', 'a:error -> d']).run('start', 'a:x')).toEqual([
      'skip c',
      'skip d',
      'start b < a:x',
    ])
  })
  it('takes the error edge as a port like any other', () => {
    expect(play(['start -> a', 'a -> b', 'a:error -> c']).run('start', 'a:error')).toEqual([
      'skip b',
      'start c < a:error',
    ])
  })
  it('starts ready nodes in file order, whatever the order of the edges', () => {
    expect(play(['start -> z', 'start -> b', 'start -> a'], { b: {}, a: {}, z: {} }).run('start')).toEqual([
      'start b < start',
      'start a < start',
      'start z < start',
    ])
  })
  it('starts at the trigger that fired and lets the others be dead', () => {
    const player = play(['t1 -> a', 't2 -> b', 'a -> c', 'b -> c'], {
      t1: { kind: 'trigger' },
      t2: { kind: 'trigger' },
    })
    expect(player.open(undefined, '', 't2')).toEqual(['skip start', 'skip t1', 'skip a', 'start t2'])
    expect(player.finish('t2')).toEqual(['start b < t2'])
    expect(player.finish('b')).toEqual(['start c < b'])
  })
  it('starts at the start where no trigger is named', () => {
    expect(play(['start -> a', 't -> a'], { t: { kind: 'trigger' } }).run('start')).toEqual(['start a < start'])
  })
})

describe('1.1 node ids', () => {
  it('may be called as what every object has', () => {
    const edges = [
      'start -> constructor',
      'constructor -> toString',
      'constructor -> valueOf',
      'toString -> hasOwnProperty',
      'valueOf -> hasOwnProperty',
    ]
    const player = play([...edges, 'hasOwnProperty:again -> constructor', 'hasOwnProperty -> end'])
    expect(player.run('start', 'constructor', 'toString', 'valueOf', 'hasOwnProperty:again')).toEqual([
      'start constructor#2 < hasOwnProperty:again',
    ])
    expect(player.finish('constructor')).toEqual(['start toString#2 < constructor', 'start valueOf#2 < constructor'])
  })
})

describe('3.2 several edges on one port', () => {
  it('start all targets at once', () => {
    expect(play(['start -> a', 'start -> b']).run('start')).toEqual(['start a < start', 'start b < start'])
  })
})

describe('3.3 join all', () => {
  const diamond = ['start -> a', 'start -> b', 'a -> c', 'b -> c']
  it('waits for every branch', () => {
    expect(play(diamond).run('start', 'b')).toEqual([])
    expect(play(diamond).run('start', 'b', 'a')).toEqual(['start c < a b'])
  })
  it('merges exclusive branches without waiting', () => {
    expect(play(['start -> i', 'i:x -> a', 'i:y -> b', 'a -> c', 'b -> c']).run('start', 'i:x', 'a')).toEqual([
      'start c < a',
    ])
  })
  it('runs where one edge is live and the others are dead', () => {
    expect(
      play(['start -> a', 'start -> b', 'a:x -> c', 'b -> c'], { a: { ports: ['x', 'y'] } }).run('start', 'a:y', 'b'),
    ).toEqual(['start c < b'])
  })
  it('skips where all are dead, and what depends on it', () => {
    const edges = ['start -> a', 'start -> b', 'a:x -> c', 'b:x -> c', 'c -> d']
    const ports = { ports: ['x', 'y'] }
    expect(play(edges, { a: ports, b: ports }).run('start', 'a:y', 'b:y')).toEqual(['skip c', 'skip d', 'end: a b'])
  })
  it('skips what no path leads to, and does not wait for it', () => {
    const player = play(['start -> a', 'x -> b', 'a -> b'])
    expect(player.open()).toEqual(['skip x', 'start start'])
    expect(player.finish('start')).toEqual(['start a < start'])
    expect(player.finish('a')).toEqual(['start b < a'])
  })
})

describe('3.4 join any', () => {
  const race = ['start -> a', 'start -> b', 'b -> b2', 'a -> j', 'b2 -> j', 'j -> k']
  it('starts at the first live edge and cancels what leads nowhere else', () => {
    expect(play(race, { j: any }).run('start', 'a')).toEqual(['cancel b#1', 'cancel b2#1', 'start j < a'])
  })
  it('ignores results that come late', () => {
    const player = play(race, { j: any })
    player.run('start', 'a')
    expect(player.finish('b')).toEqual([])
    expect(player.finish('j')).toEqual(['start k < j'])
  })
  it('absorbs a later edge of a branch that leads elsewhere too', () => {
    const edges = ['start -> a', 'start -> b', 'a -> j', 'b -> j', 'b -> c']
    expect(play(edges, { j: any }).run('start', 'a')).toEqual(['start j < a'])
    expect(play(edges, { j: any }).run('start', 'a', 'b')).toEqual(['start c < b'])
  })
  it('keeps a node without out-edges, and what leads to it', () => {
    expect(play(['start -> a', 'start -> b', 'a -> j', 'b:x -> j', 'b:y -> c'], { j: any }).run('start', 'a')).toEqual([
      'start j < a',
    ])
  })
  it('is skipped where all edges are dead', () => {
    const ports = { ports: ['x', 'y'] }
    expect(
      play(['start -> a', 'start -> b', 'a:x -> j', 'b:x -> j'], { a: ports, b: ports, j: any }).run(
        'start',
        'a:y',
        'b:y',
      ),
    ).toEqual(['skip j', 'end: a b'])
  })
  it('never starts what its race leaves without use in the same moment', () => {
    expect(play(['start -> a', 'a -> j', 'a -> b', 'b -> j'], { j: any }).run('start', 'a')).toEqual([
      'cancel b#1',
      'start j < a',
    ])
  })
})

describe('3.5 loops', () => {
  const loop = ['start -> h', 'h -> d', 'd:again -> h', 'd:done -> e']
  it('starts the header again with prev over the back edge', () => {
    expect(play(loop).run('start', 'h', 'd:again')).toEqual(['start h#2 < d:again'])
  })
  it('resolves the edges that leave it at its end', () => {
    expect(play(loop).run('start', 'h', 'd:again', 'h', 'd:done')).toEqual(['start e < d:done'])
  })
  it('waits for the whole body before it goes on', () => {
    const edges = ['start -> h', 'h -> a', 'h -> b', 'a -> h', 'b:x -> h', 'b:y -> h', 'h:done -> e']
    const player = play(edges, { h: { ports: ['out', 'done'] } })
    expect(player.run('start', 'h', 'a')).toEqual([])
    expect(player.finish('b:y')).toEqual(['start h#2 < a b:y'])
  })
  it('lets inner loops settle first', () => {
    const edges = ['start -> o', 'o -> i', 'i:again -> i', 'i:done -> d', 'd:again -> o', 'd:done -> e']
    const player = play(edges)
    expect(player.run('start', 'o', 'i:again')).toEqual(['start i#2 < i:again'])
    expect(player.finish('i:done')).toEqual(['start d < i:done'])
    expect(player.finish('d:again')).toEqual(['start o#2 < d:again'])
    expect(player.finish('o')).toEqual(['start i#3 < o'])
  })
  it('takes an inner edge to the outer header as the inner exit', () => {
    const edges = ['start -> o', 'o:go -> i', 'i:again -> i', 'i:next -> o', 'o:done -> e']
    expect(play(edges, { o: { ports: ['go', 'done'] } }).run('start', 'o:go', 'i:again', 'i:next')).toEqual([
      'start o#2 < i:next',
    ])
  })
  it('clears the status of the body, so a branch not taken before can be taken', () => {
    const edges = ['start -> h', 'h:a -> x', 'h:b -> y', 'x -> d', 'y -> d', 'd:again -> h', 'd:done -> e']
    expect(play(edges).run('start', 'h:a', 'x', 'd:again', 'h:b')).toEqual(['skip x', 'start y < h:b'])
  })
  it('ends where a token dies inside', () => {
    const edges = ['start -> h', 'h -> d', 'd:again -> h', 'd:done -> e']
    expect(play(edges, { d: { ports: ['again', 'done', 'stop'] } }).run('start', 'h', 'd:stop')).toEqual([
      'skip e',
      'end: d',
    ])
  })
})

describe('3.6 visits', () => {
  it('counts starts in the scope and never resets them', () => {
    const edges = ['start -> h', 'h -> d', 'd:again -> h', 'd:done -> e']
    expect(play(edges).run('start', 'h', 'd:again', 'h', 'd:again')).toEqual(['start h#3 < d:again'])
  })
  it('refuses one start more than maxVisits', () => {
    const edges = ['start -> h', 'h:again -> h', 'h:done -> e']
    const player = play(edges, { h: { policy: { maxVisits: 2 } } })
    expect(player.run('start', 'h:again')).toEqual(['start h#2 < h:again'])
    expect(player.finish('h:again')).toEqual(['exceed h#3'])
  })
  it('counts maxVisits anew each time the loop is entered', () => {
    const edges = ['start -> o', 'o -> i', 'i:again -> i', 'i:done -> d', 'd:again -> o', 'd:done -> e']
    const player = play(edges, { i: { policy: { maxVisits: 2 } } })
    player.run('start', 'o', 'i:again', 'i:done', 'd:again')
    expect(player.finish('o')).toEqual(['start i#3 < o'])
    expect(player.finish('i:again')).toEqual(['start i#4 < i:again'])
    expect(player.finish('i:again')).toEqual(['exceed i#5'])
  })
})

describe('4.4 the result of a scope', () => {
  it('is its first return, and the rest is cancelled', () => {
    const edges = ['start -> a', 'start -> b', 'a -> r', 'b -> c']
    expect(play(edges, { r: { kind: 'return', ports: [] } }).run('start', 'a', 'r')).toEqual([
      'cancel b#1',
      'return: r',
    ])
  })
  it('is else its leaves in file order', () => {
    expect(play(['start -> b', 'start -> a'], { a: {}, b: {} }).run('start', 'b', 'a')).toEqual(['end: a b'])
  })
  it('counts a node that finished on a port without edges as a leaf', () => {
    expect(play(['start -> a', 'a:x -> b'], { a: { ports: ['x', 'y'] } }).run('start', 'a:y')).toEqual([
      'skip b',
      'end: a',
    ])
  })
  it('starts a body at its nodes without an in-edge, in a scope of its own', () => {
    const player = play(['start -> each', 'a -> c', 'b -> c'], {
      each: { kind: 'for-each' },
      a: { parent: 'each' },
      b: { parent: 'each' },
      c: { parent: 'each' },
    })
    player.run('start')
    expect(player.open('each', 'each[0]')).toEqual(['start each[0]/a', 'start each[0]/b'])
    expect(player.open('each', 'each[1]')).toEqual(['start each[1]/a', 'start each[1]/b'])
    expect(player.finish('each[1]/b')).toEqual([])
    expect(player.finish('each[1]/a')).toEqual(['start each[1]/c < each[1]/a each[1]/b'])
    expect(player.finish('each[1]/c')).toEqual(['end: each[1]/c'])
    expect(player.finish('each')).toEqual(['end: each'])
  })
  it('is empty for an empty body', () => {
    const player = play(['start -> each'], { each: { kind: 'for-each' } })
    player.run('start')
    expect(player.open('each', 'each[0]')).toEqual(['end: '])
  })
  it('closes the bodies of a container that is cancelled, from the inside out', () => {
    const player = play(['start -> each', 'start -> f', 'f -> j', 'each -> j'], {
      each: { kind: 'for-each' },
      j: any,
      t: { kind: 'try', parent: 'each' },
      x: { parent: 't' },
    })
    player.run('start')
    player.open('each', 'each[0]')
    player.open('t', 'each[0]/t[0]')
    expect(player.finish('f')).toEqual([
      'cancel each[0]/t[0]/x#1',
      'cancel each[0]/t#1',
      'cancel each#1',
      'start j < f',
    ])
    expect(Object.keys(player.state.scopes)).toEqual([''])
  })
  it('closes a scope that is given up', () => {
    const player = play(['start -> a', 'start -> b', 'a -> c'])
    player.run('start', 'a')
    expect(player.close('')).toEqual(['cancel b#1', 'cancel c#1'])
    expect(player.state.scopes).toEqual({})
  })
})
