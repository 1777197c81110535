import { describe, expect, it } from 'vitest'
import { cardGeometry, type CardShape, cardWidth, handleY, supplyHandle } from './cardGeometry.ts'

const plain: CardShape = {
  label: 'Fetch',
  subtitle: '',
  inputs: [{ name: 'in' }],
  outputs: [{ name: 'out' }],
  supplies: [],
  mayFail: false,
  errorWired: false,
  maySupply: false,
  supplier: false,
  stateShown: false,
  bodyHeight: 0,
  unfolded: false,
}

function ports(count: number) {
  return Array.from({ length: count }, (_, index) => ({ name: `port${index}` }))
}

function shaped(shape: Partial<CardShape>) {
  return cardGeometry({ ...plain, ...shape })
}

describe('cardGeometry', () => {
  it('lets the one outcome leave beside the header, level with the way in', () => {
    const { handles, footer } = shaped({})
    expect(footer).toEqual([])
    expect(handles.map(({ id, x, y }) => [id, x, y])).toEqual([
      ['in', 0, handleY],
      ['out', cardWidth, handleY],
    ])
  })

  it('lists several outcomes in the footer, each with its handle', () => {
    const { footer, handles, height } = shaped({ outputs: [{ name: 'true' }, { name: 'false' }] })
    expect(footer.map((port) => port.name)).toEqual(['true', 'false'])
    for (const port of footer) {
      expect(handles.find((handle) => handle.id === port.name)?.y).toBe(port.y)
      expect(port.y).toBeLessThan(height)
    }
  })

  it('folds what is past six, and keeps a handle for every edge', () => {
    const { footer, folded, handles } = shaped({ outputs: ports(9) })
    expect(footer).toHaveLength(6)
    expect(folded.map((port) => port.name)).toEqual(['port6', 'port7', 'port8'])
    expect(handles.filter((handle) => handle.type === 'source')).toHaveLength(9)
    expect(shaped({ outputs: ports(9), unfolded: true }).footer).toHaveLength(9)
  })

  it('shows the error outcome quietly until it is wired, then as a port', () => {
    const quiet = shaped({ mayFail: true }).handles.find((handle) => handle.id === 'error')
    expect(quiet?.quiet).toBe(true)
    const { footer, handles } = shaped({ mayFail: true, errorWired: true })
    expect(footer.map((port) => port.name)).toEqual(['error'])
    expect(handles.find((handle) => handle.id === 'error')?.quiet).toBeUndefined()
  })

  it('gives a supplier one diamond on top and nothing else', () => {
    const { handles } = shaped({ supplier: true, maySupply: true, mayFail: true })
    expect(handles.map(({ id, side }) => [id, side])).toEqual([[supplyHandle, 'top']])
  })

  it('spreads supplies over the lower edge, in order and inside the card', () => {
    const supplies = ['model', 'tools', 'memory', 'knowledge'].map((name) => ({ name }))
    const { supplies: placed, handles, height } = shaped({ supplies })
    const xs = placed.map((port) => port.x)
    expect(xs).toEqual(xs.toSorted((a, b) => a - b))
    expect(Math.min(...xs)).toBeGreaterThan(0)
    expect(Math.max(...xs)).toBeLessThan(cardWidth)
    expect(handles.filter((handle) => handle.side === 'bottom').every((handle) => handle.y === height)).toBe(true)
  })

  it('grows downwards only: the header’s handles stay where they are when a run is shown', () => {
    const before = shaped({})
    const after = shaped({ stateShown: true, bodyHeight: 72 })
    expect(after.height).toBeGreaterThan(before.height)
    expect(after.handles.map(({ y }) => y)).toEqual(before.handles.map(({ y }) => y))
  })

  it('takes a second line for a long label', () => {
    expect(shaped({ label: 'A label that is far too long for the one line that it has' }).labelLines).toBe(2)
  })
})
