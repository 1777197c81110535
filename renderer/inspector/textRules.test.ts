import { describe, expect, it } from 'vitest'
import { dropExpression } from './dropExpression.ts'
import { expressionToText, jsonToText, textToExpression, textToJson } from './expressionText.ts'
import { isBuildable, propertiesOf, schemaFrom } from './schemaRows.ts'
import { templateSegments } from './templateSegments.ts'

describe('a setting that is one expression', () => {
  it.each([
    ['prev.status === 200', '{{ prev.status === 200 }}'],
    ['{{ prev.ok }}', '{{ prev.ok }}'],
    ['true', true],
    ['[1, 2]', [1, 2]],
    ['"text"', '{{ "text" }}'],
    ['  ', undefined],
  ])('is typed without braces: %s', (typed, written) => {
    expect(textToExpression(typed)).toEqual(written)
  })

  it('is shown without braces', () => {
    expect(expressionToText('{{ prev.items }}')).toBe('prev.items')
    expect(expressionToText([1])).toBe('[1]')
    expect(expressionToText('no hole')).toBe('no hole')
  })
})

describe('a setting of any value', () => {
  it.each([
    ['{"a": 1}', { a: 1 }],
    ['{{ prev }}', '{{ prev }}'],
    ['hello', 'hello'],
    ['"5"', '5'],
    ['', undefined],
  ])('reads %s', (typed, value) => {
    expect(textToJson(typed)).toEqual({ value })
  })

  it('says that an unfinished object is no JSON yet', () => {
    expect(textToJson('{"a": {{ prev }} }')).toHaveProperty('broken')
  })

  it.each([['5'], ['true'], ['plain'], ['{{ a }}'], ['{ broken']])(
    'shows the text %s so that it is read back as the same text',
    (text) => {
      expect(textToJson(jsonToText(text))).toEqual({ value: text })
    },
  )
})

describe('dropping a value into a field', () => {
  const path = 'nodes.fetch.output.items[0].id'

  it('brings braces into plain text', () => {
    expect(dropExpression('Id: ', path, 4, false)).toEqual({ text: `Id: {{ ${path} }}`, caret: 4 + path.length + 6 })
  })

  it('goes in bare inside a hole, and into a field that is one expression', () => {
    expect(dropExpression('{{  }}', path, 3, false).text).toBe(`{{ ${path} }}`)
    expect(dropExpression('', path, 0, true).text).toBe(path)
    expect(dropExpression('1 +', path, 3, true).text).toBe(`1 + ${path}`)
  })
})

describe('marking holes', () => {
  it('cuts a text so that the pieces make it again', () => {
    const text = 'a {{ x }} b {{ {"k": "}}"} }} c'
    const segments = templateSegments(text)
    expect(segments.map((segment) => segment.text).join('')).toBe(text)
    expect(segments.filter((segment) => segment.hole).map((segment) => segment.text)).toEqual([
      '{{ x }}',
      '{{ {"k": "}}"} }}',
    ])
  })

  it('marks a hole that is still being typed', () => {
    expect(templateSegments('a {{ nodes.')).toEqual([
      { text: 'a ', hole: false },
      { text: '{{ nodes.', hole: true },
    ])
  })
})

describe('the schema builder', () => {
  const schema = {
    type: 'object',
    properties: { city: { type: 'string', description: 'Where' }, days: { type: 'integer', default: 3 } },
    required: ['city'],
    additionalProperties: false,
  }

  it('keeps all that a simple schema says', () => {
    expect(isBuildable(schema)).toBe(true)
    expect(schemaFrom(propertiesOf(schema), schema)).toEqual(schema)
  })

  it('leaves schemas alone that it cannot show', () => {
    expect(isBuildable({ anyOf: [schema] })).toBe(false)
    expect(isBuildable({ type: 'array', items: {} })).toBe(false)
    expect(isBuildable({ type: 'object', properties: { a: { type: ['string', 'null'] } } })).toBe(false)
  })

  it('takes the schema away with its last property', () => {
    expect(schemaFrom([], schema)).toBeUndefined()
  })
})
