import { describe, expect, it } from 'vitest'
import { isNodePath, nodeIdOf, ownerOf } from './nodePath.ts'

describe('node paths', () => {
  it.each([
    ['fetch', 'fetch', undefined, true],
    ['fetch[2]', 'fetch', 'fetch', false],
    ['each1[3]/fetch', 'fetch', 'each1[3]', true],
    ['each1[3]/try1[0]/fetch[1]', 'fetch', 'each1[3]/try1[0]/fetch', false],
    ['agent/call3', 'call3', 'agent', false],
    ['loop1[0]/agent/call12', 'call12', 'loop1[0]/agent', false],
    ['each1[3]', 'each1', 'each1', false],
  ])('reads %s', (path, id, owner, isNode) => {
    expect([nodeIdOf(path), ownerOf(path), isNodePath(path)]).toEqual([id, owner, isNode])
  })
})
