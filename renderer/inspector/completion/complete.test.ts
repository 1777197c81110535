import { describe, expect, it } from 'vitest'
import { completionsAt, takeCompletion } from './complete.ts'
import { joinShapes, shapeOfSchema, shapeOfValue, type Shape } from './shape.ts'

const shape: Shape = shapeOfValue({
  input: { topic: 'tea' },
  nodes: { fetch: { output: { status: 200, 'content-type': 'json', items: [{ id: 1 }] } }, first: { output: null } },
})
const scope = () => shape

function names(text: string, isExpression = false): readonly string[] {
  return completionsAt(text, text.length, isExpression, scope)?.options.map((option) => option.name) ?? []
}

/** Takes the first completion at the end of the text. */
function taken(text: string, name: string, isExpression = false): string {
  const list = completionsAt(text, text.length, isExpression, scope)
  if (!list) throw new Error(`Nothing to complete in ${text}`)
  return takeCompletion(text, list, name).text
}

describe('completion in a text setting', () => {
  it('offers the names of the scope where a hole opens', () => {
    expect(names('Hello {{')).toEqual(['input', 'nodes'])
    expect(names('Hello {{ no')).toEqual(['nodes'])
  })

  it('offers nothing in plain text, behind a closed hole, or in a string', () => {
    expect(names('nodes.')).toEqual([])
    expect(names('{{ input.topic }} nodes.')).toEqual([])
    expect(names('{{ "nodes.')).toEqual([])
  })

  it('walks paths, optional ones and list items too', () => {
    expect(names('{{ nodes.fetch.output.')).toEqual(['status', 'content-type', 'items'])
    expect(names('{{ nodes.fetch.output?.st')).toEqual(['status'])
    expect(names('{{ nodes.fetch.output.items[0].')).toEqual(['id'])
    expect(names('{{ 1 + nodes.f')).toEqual(['fetch', 'first'])
  })

  it('closes a hole that has no end, and leaves one that has', () => {
    expect(taken('{{ inp', 'input')).toBe('{{ input }}')
    expect(taken('{{', 'input')).toBe('{{ input }}')
    const text = '{{ inp }}'
    const list = completionsAt(text, 6, false, scope)
    expect(list && takeCompletion(text, list, 'input')).toEqual({ text: '{{ input }}', caret: 8 })
  })

  it('writes names that are no identifiers with brackets', () => {
    expect(taken('nodes.fetch.output.', 'content-type', true)).toBe('nodes.fetch.output["content-type"]')
  })
})

describe('completion in an expression', () => {
  it('needs no braces', () => {
    expect(names('nodes.', true)).toEqual(['fetch', 'first'])
    expect(names('', true)).toEqual(['input', 'nodes'])
  })

  it('offers nothing right behind a finished value', () => {
    expect(names('input.topic ', true)).toEqual([])
  })
})

describe('shapes', () => {
  it('joins what a schema tells with what was seen', () => {
    const told = shapeOfSchema({
      type: 'object',
      properties: { status: { type: 'integer', description: 'HTTP status' }, body: {} },
    })
    const joined = joinShapes(told, shapeOfValue({ status: 404, body: { ok: false } }))
    expect(joined.parts.get('status')).toMatchObject({ type: 'number', example: '404', note: 'HTTP status' })
    expect([...(joined.parts.get('body')?.parts.keys() ?? [])]).toEqual(['ok'])
  })
})
