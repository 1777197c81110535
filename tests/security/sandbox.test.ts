import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSandbox, type SandboxPool } from '../../engine/services/sandbox.ts'

let sandbox: SandboxPool

beforeAll(() => {
  sandbox = createSandbox({ expressionMs: 300, codeMs: 300 })
})

afterAll(() => sandbox.close())

async function evaluate(expression: string, scope = {}): Promise<unknown> {
  const [value] = await sandbox.evaluate([expression], scope)
  return value
}

describe('the sandbox', () => {
  it('evaluates expressions over the values it is given', async () => {
    const scope = { prev: { n: 3 }, nodes: { a: { output: [1, 2] } } }
    expect(await sandbox.evaluate(['prev.n * 2', 'nodes.a.output.map((x) => x + 1)', 'undefined'], scope)).toEqual([
      6,
      [2, 3],
      null,
    ])
  })

  it('runs the body of a function', async () => {
    expect(await sandbox.run('const twice = (n) => n * 2\nreturn { n: twice(prev) } // done', { prev: 4 })).toEqual({
      n: 8,
    })
  })

  it('says what a script threw', async () => {
    await expect(evaluate('prev.a.b', { prev: {} })).rejects.toMatchObject({
      code: 'expression-failed',
      message: expect.stringContaining('undefined') as unknown,
    })
    await expect(evaluate('item')).rejects.toMatchObject({
      code: 'expression-failed',
      message: expect.stringContaining('item') as unknown,
    })
    await expect(sandbox.run('throw new Error("my words")', {})).rejects.toMatchObject({
      code: 'expression-failed',
      message: 'my words',
    })
    await expect(evaluate('1n')).rejects.toMatchObject({ code: 'expression-failed' })
  })

  it('keeps data that looks like a prototype as data', async () => {
    const prev = JSON.parse('{"__proto__": {"polluted": true}}') as Record<string, never>
    const value = await evaluate('prev', { prev })
    expect(Object.keys(value as object)).toEqual(['__proto__'])
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  })
})

const hangs: Record<string, string> = {
  'an endless loop': '(() => { while (true); })()',
  'an endless loop inside try': '(() => { while (true) { try { while (true); } catch {} } })()',
  'a regular expression that backtracks for ever': '/^(a+)+$/.test("a".repeat(40) + "b")',
  'a native loop over a long string':
    '(() => { let s = "ab".repeat(5e6); let n = 0; while (true) n += s.indexOf("zz"); })()',
  'a huge sort': '(() => { const a = Array.from({ length: 3e5 }, (_, i) => -i); while (true) a.sort(() => 0.5); })()',
  'a promise that never ends': '(() => { for (;;) Promise.resolve().then(() => 1); })()',
}

describe('a script that hangs', () => {
  for (const [name, source] of Object.entries(hangs)) {
    it(`is stopped: ${name}`, async () => {
      const startedAt = performance.now()
      await expect(evaluate(source)).rejects.toMatchObject({
        code: expect.stringMatching(/^sandbox-(timeout|memory)$/) as unknown,
      })
      expect(performance.now() - startedAt).toBeLessThan(4000)
      expect(await evaluate('1 + 1')).toBe(2)
    })
  }
})

const bombs: Record<string, string> = {
  'a string that doubles': '(() => { let s = "x"; while (true) s += s; })()',
  'a list that grows': '(() => { const a = []; while (true) a.push(new Array(1000).fill(1)); })()',
  'a huge buffer': 'new Uint8Array(2 ** 31).length',
  'a long repeat': '"x".repeat(2 ** 29).length',
  'endless recursion': '(function f() { return f() + 1 })()',
  'a join of holes': 'new Array(2 ** 28).join("x").length',
}

describe('a script that wants too much', () => {
  for (const [name, source] of Object.entries(bombs)) {
    it(`fails and harms nothing: ${name}`, async () => {
      const before = process.memoryUsage().rss
      await expect(evaluate(source)).rejects.toMatchObject({
        code: expect.stringMatching(/^(sandbox-(timeout|memory)|expression-failed)$/) as unknown,
      })
      expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024)
      expect(await evaluate('1 + 1')).toBe(2)
    })
  }
})

const escapes: Record<string, string> = {
  'the constructor of a function':
    '[].constructor.constructor("return typeof process + typeof require + typeof globalThis.fetch")()',
  'the constructor of a given value':
    'prev.constructor.constructor("return typeof process + typeof require + typeof fetch")()',
  'the global object':
    '(() => { const g = globalThis; return typeof g.process + typeof g.require + typeof g.fetch })()',
  'indirect eval': '(0, eval)("typeof process + typeof require + typeof fetch")',
  'a generator':
    '(function* () {}).constructor("return typeof process + typeof require + typeof fetch")().next().value',
}

describe('a script that looks for a way out', () => {
  for (const [name, source] of Object.entries(escapes)) {
    it(`finds nothing behind ${name}`, async () => {
      expect(await evaluate(source, { prev: {} })).toBe('undefinedundefinedundefined')
    })
  }

  it('cannot import', async () => {
    await expect(sandbox.run('return import("node:fs")', {})).resolves.toEqual({})
    await expect(evaluate('require("node:fs")')).rejects.toMatchObject({ code: 'expression-failed' })
  })

  it('changes no prototype, neither here nor for the next script', async () => {
    const before = Object.getOwnPropertyNames(Object.prototype)
    await evaluate(
      '(() => { Object.prototype.polluted = 1; Array.prototype.map = () => "mine"; JSON.stringify = () => "1"; return 0 })()',
    )
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before)
    expect(await evaluate('[({}).polluted ?? "clean", [1].map((x) => x + 1)]')).toEqual(['clean', [2]])
  })

  const leavings: Record<string, string> = {
    'an undeclared variable': '(() => { left = 1 })()',
    'a property of the global object': '(() => { globalThis.left = 1 })()',
    'a property of a function': '(() => { Math.max.left = 1 })()',
    'the prototype of generators': '(() => { Object.getPrototypeOf(function* () {}).left = 1 })()',
    'the prototype of promises': '(() => { Object.getPrototypeOf((async () => {})()).left = 1 })()',
    'the prototype of iterators': '(() => { Object.getPrototypeOf(Object.getPrototypeOf([].values())).left = 1 })()',
    'a symbol': '(() => { Symbol.for("left").constructor.left = 1 })()',
    'code that runs later': '(() => { Promise.resolve().then(() => { globalThis.left = 1 }) })()',
  }
  const traces = `[typeof left, typeof globalThis.left, typeof Math.max.left, typeof Object.getPrototypeOf(function* () {}).left,
    typeof Promise.prototype.left, typeof Object.getPrototypeOf(Object.getPrototypeOf([].values())).left, typeof Symbol.left]`

  it.each(Object.entries(leavings))('leaves nothing behind in %s', async (_name, source) => {
    await evaluate(source).catch(() => undefined)
    expect(new Set((await evaluate(traces)) as string[])).toEqual(new Set(['undefined']))
    await sandbox.run(`${source}; throw new Error('after it')`, {}).catch(() => undefined)
    expect(new Set((await sandbox.run(`return ${traces}`, {})) as string[])).toEqual(new Set(['undefined']))
  })

  it('leaves nothing behind in what the language itself remembers', async () => {
    const remember = `/(l)(eft)/.exec("left"); globalThis.ref = new WeakRef({}); Symbol.for("left"); Date.now = () => 1; return 1`
    expect(await sandbox.run(remember, {})).toBe(1)
    expect(await evaluate('[RegExp.$1 ?? "", typeof ref, Date.now() > 1]')).toEqual(['', 'undefined', true])
  })

  it('leaves nothing behind when it is stopped, or when it makes the memory grow', async () => {
    await expect(evaluate('(() => { globalThis.left = 1; while (true); })()')).rejects.toThrow()
    expect(await evaluate('typeof left')).toBe('undefined')
    expect(await evaluate('(() => { globalThis.left = "x".repeat(2e7); return left.length })()')).toBe(2e7)
    expect(await evaluate('typeof left')).toBe('undefined')
  })

  it('may change what it is given and what it finds, as ordinary code does', async () => {
    const source = `const it = {}; it.toString = () => 'mine'; it.constructor = 1; class Own extends Error { name = 'Own' }
      Array.prototype.last = function () { return this.at(-1) }; return [String(it), new Own('x').name, [1, 2].last()]`
    expect(await sandbox.run(source, {})).toEqual(['mine', 'Own', 2])
    expect(await evaluate(`(() => { ${source} })()`)).toEqual(['mine', 'Own', 2])
  })

  it('draws other random numbers than the script before it', async () => {
    const drawn = await Promise.all(Array.from({ length: 20 }, () => evaluate('Math.random()')))
    expect(new Set(drawn).size).toBe(20)
    expect(drawn.every((one) => typeof one === 'number' && one >= 0 && one < 1)).toBe(true)
  })

  it('evaluates expressions fast once it is warm', async () => {
    for (let i = 0; i < 100; i++) await evaluate('prev + 1', { prev: i })
    const startedAt = performance.now()
    for (let i = 0; i < 300; i++) await evaluate('prev + 1', { prev: i })
    expect((performance.now() - startedAt) / 300).toBeLessThan(2)
  })

  it('is stopped when its run is', async () => {
    const controller = new AbortController()
    const pending = sandbox.run('while (true);', {}, controller.signal)
    controller.abort(new Error('no longer wanted'))
    await expect(pending).rejects.toThrow('no longer wanted')
  })
})
