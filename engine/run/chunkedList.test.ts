import fc from 'fast-check'
import { expect, it } from 'vitest'
import { chunkedList, ListDraft } from './chunkedList.ts'

it('gives what was set and leaves the list it began with as it was', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.array(fc.tuple(fc.nat(), fc.integer())), (length, changes) => {
      const before = Array.from({ length }, (_, index) => index)
      const base = chunkedList(before)
      const draft = new ListDraft(base)
      const after = [...before]
      for (const [at, value] of changes) {
        after[at % length] = value
        draft.set(at % length, value)
      }
      expect(draft.done().chunks.flat()).toEqual(after)
      expect(base.chunks.flat()).toEqual(before)
      expect(after.every((value, index) => draft.get(index) === value)).toBe(true)
    }),
  )
})

it('shares the chunks that did not change', () => {
  const base = chunkedList(Array.from({ length: 1000 }, (_, index) => index))
  const draft = new ListDraft(base)
  draft.set(500, -1)
  const { chunks } = draft.done()
  expect(chunks.filter((chunk, index) => chunk !== base.chunks[index])).toHaveLength(1)
})

it('is the same list where nothing was set', () => {
  const base = chunkedList([1, 2, 3])
  expect(new ListDraft(base).done()).toBe(base)
})

it('refuses a place it does not have', () => {
  expect(() => new ListDraft(chunkedList([1])).get(1)).toThrow(RangeError)
})
