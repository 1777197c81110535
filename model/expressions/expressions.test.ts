import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NodeFailure } from '../failure.ts'
import type { Json } from '../json.ts'
import { parseExpression } from './parse.ts'
import { dottedPathOf, evaluatePlain, plainOf, type PlainExpression } from './plain.ts'
import { readsOf, readsOfBody, readsOfSettings } from './reads.ts'
import { renameInBody, renameInExpression, renameInTemplate } from './rename.ts'
import { renderTemplate } from './render.ts'
import { holeOrLiteral, mapTexts, templatesIn } from './settings.ts'
import { isSingleHole, parseTemplate } from './template.ts'

function partsOf(text: string): unknown {
  const parsed = parseTemplate(text)
  if ('problem' in parsed) return parsed.problem
  return parsed.template.parts.map((part) => (part.type === 'text' ? part.text : [part.expression.trim()]))
}

function plain(text: string): PlainExpression | undefined {
  const parsed = parseExpression(text)
  return 'node' in parsed ? plainOf(parsed.node) : undefined
}

function render(text: string, scope: Record<string, unknown>): Json {
  const parsed = parseTemplate(text)
  if ('problem' in parsed) throw new Error(parsed.problem.message)
  return renderTemplate(parsed.template, (hole) => {
    if (!hole.plain) throw new Error(`not plain: ${hole.expression}`)
    return evaluatePlain(hole.plain, scope) as Json | undefined
  })
}

/** Matches a text that holds another. */
function textWith(part: string): unknown {
  return expect.stringContaining(part)
}

describe('parseTemplate', () => {
  it('splits text and holes', () => {
    expect(partsOf('plain')).toEqual(['plain'])
    expect(partsOf('')).toEqual([])
    expect(partsOf('a {{ input.x }} b {{ item }}')).toEqual(['a ', ['input.x'], ' b ', ['item']])
  })

  it('ends a hole at the first }} that leaves a parseable expression', () => {
    expect(partsOf('{{ {a: {b: 1}} }}!')).toEqual([['{a: {b: 1}}'], '!'])
    expect(partsOf('{{ {a: {b: 1}}}}')).toEqual([['{a: {b: 1}}']])
    expect(partsOf('{{ "}}" + input.x }} }}')).toEqual([['"}}" + input.x'], ' }}'])
    expect(partsOf('{{ `${ {a: 1}.a }}` }}')).toEqual([['`${ {a: 1}.a }}`']])
    expect(partsOf('{{{a: 1}.a}}')).toEqual([['{a: 1}.a']])
  })

  it('takes an expression in brackets, and no bracket more', () => {
    for (const text of ['(1 + 2)', '((input))', '({a: 1}) // x', '(/* ( */ (1) /* ) */) ', '(1, 2)', '(1) + (2)']) {
      expect([text, partsOf(`{{ ${text} }}`)]).toEqual([text, [[text.trim()]]])
    }
    expect(partsOf('{{ (1)) }}')).toMatchObject({ offset: 6, message: textWith('")') })
    expect(partsOf('{{ ((1) }}')).toHaveProperty('message')
    expect(plain('(input.a)')).toEqual(plain('input.a'))
  })

  it('writes {{ for {{{{', () => {
    expect(partsOf('{{{{ not a hole }} {{ input.a }}')).toEqual(['{{ not a hole }} ', ['input.a']])
    expect(render('{{{{x}}', {})).toBe('{{x}}')
  })

  it('says where an expression does not parse', () => {
    expect(partsOf('ab {{ input. }}')).toMatchObject({ offset: 13 })
    expect(partsOf('ab {{ input.x')).toMatchObject({ offset: 3, message: textWith('}}') })
    expect(partsOf('{{ }}')).toMatchObject({ message: 'The expression is empty.' })
    expect(partsOf('{{ a) + (b }}')).toMatchObject({ message: textWith('")') })
    expect(partsOf('{{ a; b }}')).toMatchObject({ message: textWith('";') })
  })

  it('takes bounded time and stack on hostile text', () => {
    const start = performance.now()
    expect(partsOf(`{{ "${'}}'.repeat(50_000)}`)).toHaveProperty('message')
    expect(partsOf(`{{ ${'('.repeat(50_000)} }}`)).toHaveProperty('message')
    expect(partsOf(`{{ ${'[1].concat'.repeat(9_000)} }}`)).toHaveProperty('message')
    expect(partsOf(`{{ ${'1+'.repeat(40_000)}1 }}`)).toHaveProperty('message')
    expect(performance.now() - start).toBeLessThan(15_000)
  })

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('{{', '}}', '{', '}', '"', 'a', '.b', '`', '//', ' ', '(', '/')),
        (parts) => void partsOf(parts.join('')),
      ),
    )
  })

  it('knows a single hole', () => {
    expect(isSingleHole('{{ input.a }}')).toBe(true)
    expect(isSingleHole(' {{ input.a }}')).toBe(false)
    expect(isSingleHole('{{ a }}{{ b }}')).toBe(false)
  })
})

describe('plain expressions', () => {
  it('reads paths alike with and without parsing JavaScript', () => {
    for (const text of ['a', 'a.b', ' nodes.x.output?.data[0].c ', 'a?.[3]?.b', 'a.class', 'a.b\n']) {
      expect(dottedPathOf(text)).toEqual(plain(text.trim()))
      expect(dottedPathOf(text)).toBeDefined()
    }
    expect(plain('a["b c"][\'d\'].e')).toEqual({
      type: 'path',
      root: 'a',
      steps: ['b c', 'd', 'e'].map((key) => ({ key, optional: false })),
    })
  })

  it('reads literals', () => {
    expect([plain('1'), plain('-1.5'), plain("'x'"), plain('null'), plain('true'), plain('[1, {a: "b"}]')]).toEqual(
      [1, -1.5, 'x', null, true, [1, { a: 'b' }]].map((value) => ({ type: 'literal', value })),
    )
  })

  it('leaves everything else to the sandbox', () => {
    for (const text of [
      'a + b',
      'a()',
      'a[b]',
      'this.a',
      'undefined',
      '(a?.b).c',
      '`x`',
      '/x/',
      '{__proto__: 1}',
      '[...a]',
      'new.target',
      '10n',
      'a = 1',
    ]) {
      expect([text, plain(text), dottedPathOf(text)]).toEqual([text, undefined, undefined])
    }
    expect(dottedPathOf('true')).toBeUndefined()
  })

  it('evaluates own properties only', () => {
    const scope = { a: { list: ['x', 'yz'], none: null }, text: 'abc' }
    expect(render('{{ a.list[1] }}', scope)).toBe('yz')
    expect(render('{{ a.list.length }}', scope)).toBe(2)
    expect(render('{{ text.length }}', scope)).toBe(3)
    expect(render('{{ a.constructor }}', scope)).toBeNull()
    expect(render('{{ a.__proto__ }}', scope)).toBeNull()
    expect(render('{{ a.list.map }}', scope)).toBeNull()
  })

  it('fails as JavaScript does on null, undefined and unknown names', () => {
    const scope = { a: { none: null } }
    for (const text of ['{{ a.none.x }}', '{{ a.gone.x }}', '{{ b }}', '{{ toString }}', '{{ a.gone.x?.y }}']) {
      expect(() => render(text, scope)).toThrow(NodeFailure)
    }
    expect(() => render('{{ a.gone.x }}', scope)).toThrow('a.gone is undefined, so it has no property "x"')
    expect(render('{{ a.none?.x.y.z }}', scope)).toBeNull()
    expect(render('{{ a.gone?.[0] }}', scope)).toBeNull()
  })
})

describe('renderTemplate', () => {
  it('keeps the type of a single hole and joins the rest as text', () => {
    const scope = { o: { a: [1] }, n: null, t: true, f: 1.5 }
    expect(render('{{ o }}', scope)).toEqual({ a: [1] })
    expect(render('{{ o.x }}', scope)).toBeNull()
    expect(render('{{ o }}|{{ n }}|{{ o.x }}|{{ t }}|{{ f }}', scope)).toBe('{"a":[1]}|||true|1.5')
  })
})

describe('settings', () => {
  it('finds templates by dotted path, and skips what is verbatim', () => {
    const data = { url: '{{ input.u }}', cases: [{ when: '{{ 1 }}' }, { when: 'x' }], source: 'return "{{ no }}"' }
    expect(templatesIn(data, ['source']).map((setting) => setting.path)).toEqual(['url', 'cases.0.when'])
  })

  it('shares what does not change', () => {
    const data = { a: { b: ['x'] }, c: { d: 'y' } }
    expect(mapTexts(data, [], (text) => text)).toBe(data)
    const changed = mapTexts(data, [], (text) => (text === 'y' ? 'z' : text)) as typeof data
    expect(changed).toEqual({ a: { b: ['x'] }, c: { d: 'z' } })
    expect(changed.a).toBe(data.a)
  })

  it('takes one hole or a JSON literal', () => {
    expect(holeOrLiteral('{{ a }}')).toMatchObject({ hole: { expression: ' a ' } })
    expect(holeOrLiteral([1])).toEqual({ literal: [1] })
    expect(holeOrLiteral('false')).toEqual({ literal: false })
    expect(holeOrLiteral('yes')).toBeUndefined()
    expect(holeOrLiteral('{{ a }} b')).toBeUndefined()
    expect(holeOrLiteral('{{ a')).toBeUndefined()
  })
})

describe('readsOf', () => {
  it('finds nodes with their field and whether the read is guarded', () => {
    const reads = readsOf(
      'nodes.a.output.x + nodes["b"].error?.code + (nodes.c.output ?? 1) + nodes.d.visits + (1 ?? nodes.e.output) + nodes?.f.output',
    )
    expect(reads.nodes).toEqual([
      { id: 'a', field: 'output', exempt: false },
      { id: 'b', field: 'error', exempt: true },
      { id: 'c', field: 'output', exempt: true },
      { id: 'd', field: 'visits', exempt: false },
      { id: 'e', field: 'output', exempt: false },
      { id: 'f', field: 'output', exempt: true },
    ])
    expect(reads.unknown.size).toBe(0)
  })

  it('finds names, variables, environment and unknown names', () => {
    const reads = readsOf('input.a + vars.n + env["HOME"] + Math.max(item, index) + foo.bar + run.id')
    expect([...reads.names]).toEqual(['input', 'vars', 'env', 'item', 'index', 'run'])
    expect([[...reads.vars], [...reads.env], [...reads.unknown]]).toEqual([['n'], ['HOME'], ['foo']])
  })

  it('sees what is read as a whole or by a computed key', () => {
    expect([...readsOf('nodes[input.id].output').whole]).toEqual(['nodes'])
    expect([...readsOf('Object.keys(vars)').whole]).toEqual(['vars'])
  })

  it('leaves out what parameters and variables shadow', () => {
    expect(readsOf('input.list.map((nodes) => nodes.a.output)').nodes).toEqual([])
    expect(readsOf('input.list.map(({ nodes: n, ...item }) => n.a + item)').names).toEqual(new Set(['input']))
    const body = 'const { a } = nodes; for (const item of input) { var vars = 1 } return item + a + vars'
    expect([...readsOfBody(body).names]).toEqual(['nodes', 'input', 'item'])
    expect(readsOf('{ nodes: 1, "item": 2, prev }').names).toEqual(new Set(['prev']))
  })

  it('gathers the reads of all settings', () => {
    const reads = readsOfSettings({ a: '{{ nodes.x.output }} {{ prev }}', b: [{ c: '{{ nodes.y.output }}' }] })
    expect(reads.nodes.map((read) => read.id)).toEqual(['x', 'y'])
    expect(reads.names).toEqual(new Set(['nodes', 'prev']))
  })
})

describe('renaming', () => {
  const renames = new Map([['old', 'fresh']])

  it('renames nodes in every way of writing them', () => {
    expect(renameInExpression('nodes.old.output + nodes["old"].error + nodes?.old', renames)).toBe(
      "nodes.fresh.output + nodes['fresh'].error + nodes?.fresh",
    )
    expect(renameInExpression('nodes[`old`].output', renames)).toBe("nodes['fresh'].output")
    expect(renameInBody('const { old, x } = nodes; return old', renames)).toBe(
      'const { fresh: old, x } = nodes; return old',
    )
  })

  it('leaves other names alone', () => {
    for (const text of [
      'nodes.older.output',
      'old',
      'input.nodes.old',
      '((nodes) => nodes.old)(input)',
      '"nodes.old"',
      'nodes.old +',
    ]) {
      expect(renameInExpression(text, renames)).toBe(text)
    }
  })

  it('renames in holes and not in the text around them', () => {
    expect(renameInTemplate('nodes.old {{ nodes.old.output }} {{{{ nodes.old }}', renames)).toBe(
      'nodes.old {{ nodes.fresh.output }} {{{{ nodes.old }}',
    )
  })
})
