import fc from 'fast-check'
import { expect, it } from 'vitest'
import { AncestorTree } from './ancestorTree.ts'

/** Parents of nodes 1, 2, ... of a tree rooted at 0: each is an earlier node. */
const parents = fc.array(fc.nat(), { maxLength: 60 }).map((list) => list.map((choice, index) => choice % (index + 1)))

it('finds the nearest common ancestor that walking up finds', () => {
  fc.assert(
    fc.property(parents, fc.nat(), fc.nat(), (list, first, second) => {
      const tree = new AncestorTree(0)
      list.forEach((parent, index) => tree.add(index + 1, parent))
      const above = (node: number): number[] => (node === 0 ? [0] : [node, ...above(list[node - 1] ?? 0)])
      const [a, b] = [first % (list.length + 1), second % (list.length + 1)]
      const others = new Set(above(b))
      const common = above(a).find((node) => others.has(node))
      expect(tree.common(a, b)).toBe(common)
      expect(tree.isAbove(a, b)).toBe(others.has(a))
    }),
  )
})

it('leaves out what does not stand in the tree', () => {
  const tree = new AncestorTree(9)
  tree.add(1, 9)
  expect(tree.commonOf([5, 1])).toBe(1)
  expect(tree.commonOf([5])).toBeUndefined()
})
