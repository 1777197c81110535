/** What {@link scanJson} finds wrong with a text. `offset` counts UTF-16 units from 0. */
export interface JsonProblem {
  readonly code: 'syntax' | 'too-deep' | 'duplicate-key' | 'reserved-key'
  readonly message: string
  readonly offset: number
  /** Keys and indices that lead to the container in which the problem stands. */
  readonly path: readonly (string | number)[]
  /** The key concerned, of `duplicate-key` and `reserved-key`. */
  readonly key?: string
}

export interface JsonScanOptions {
  /** Containers may nest this deep. */
  readonly maxDepth: number
  /** Called for each key and item of the containers directly under the top one. */
  readonly onEntry?: (container: string | number, entry: string | number, offset: number) => void
}

interface Frame {
  readonly isObject: boolean
  readonly start: number
  readonly keys: string[]
  /** Stands in for `keys` where an object has many. */
  keySet?: Set<string>
  /** The member being read. */
  at: string | number
}

const maxProblems = 50
const manyKeys = 12

/**
 * Reads a JSON text without building it: its syntax, its depth, repeated keys and `__proto__` keys, none of which
 * `JSON.parse` reports with a place. Iterative, so that no nesting exhausts the stack; stops at the first syntax problem.
 */
export function scanJson(text: string, options: JsonScanOptions): JsonProblem[] {
  return new Scanner(text, options).scan()
}

/** 1-based line and column of an offset. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  let line = 1
  let lineStart = 0
  for (let end = text.indexOf('\n'); end !== -1 && end < offset; end = text.indexOf('\n', end + 1)) {
    line++
    lineStart = end + 1
  }
  return { line, column: offset - lineStart + 1 }
}

class SyntaxProblem extends Error {}

class Scanner {
  private pos = 0
  private readonly frames: Frame[] = []
  private readonly problems: JsonProblem[] = []
  private readonly text: string
  private readonly options: JsonScanOptions

  constructor(text: string, options: JsonScanOptions) {
    this.text = text
    this.options = options
  }

  scan(): JsonProblem[] {
    try {
      this.skipSpace()
      if (this.pos >= this.text.length) this.fail('The file is empty.')
      this.value()
      while (this.frames.length > 0) this.step()
      if (this.pos < this.text.length) this.fail(`The document ends before this place, but ${this.found()} follows.`)
    } catch (error) {
      if (!(error instanceof SyntaxProblem)) throw error
    }
    return this.problems
  }

  /** Reads one member of the innermost container, or its end. */
  private step(): void {
    const frame = this.frames[this.frames.length - 1]
    if (!frame) return
    const close = frame.isObject ? 125 : 93
    const isFirst = frame.at === -1
    if (this.text.charCodeAt(this.pos) === close) {
      this.pos++
      this.frames.pop()
      this.skipSpace()
      return
    }
    if (!isFirst) this.comma(frame)
    if (frame.isObject) this.key(frame)
    else frame.at = isFirst ? 0 : Number(frame.at) + 1
    if (this.frames.length === 2) this.reportEntry(frame)
    this.value()
  }

  private reportEntry(frame: Frame): void {
    this.options.onEntry?.(this.frames[0]?.at ?? '', frame.at, this.pos)
  }

  private comma(frame: Frame): void {
    if (this.text.charCodeAt(this.pos) !== 44) this.expected(`a comma or "${frame.isObject ? '}' : ']'}"`)
    this.pos++
    this.skipSpace()
    const next = this.text[this.pos]
    if (next === '}' || next === ']') this.fail(`A comma may not stand before "${next}".`)
  }

  private key(frame: Frame): void {
    const start = this.pos
    if (this.text.charCodeAt(start) !== 34) this.expected('a key in double quotes')
    const hasEscapes = this.string()
    const raw = this.text.slice(start + 1, this.pos - 1)
    const key = hasEscapes ? String(JSON.parse(`"${raw}"`)) : raw
    this.checkKey(frame, key, start)
    frame.at = key
    this.skipSpace()
    if (this.text.charCodeAt(this.pos) !== 58) this.expected('a colon')
    this.pos++
    this.skipSpace()
  }

  private checkKey(frame: Frame, key: string, offset: number): void {
    if (key === '__proto__') {
      this.report('reserved-key', 'The key "__proto__" is not allowed anywhere in the file.', offset, key)
    }
    if (isRepeated(frame, key))
      this.report('duplicate-key', `The key "${key}" stands twice in one object.`, offset, key)
  }

  private value(): void {
    const code = this.text.charCodeAt(this.pos)
    if (code === 123 || code === 91) this.open(code === 123)
    else {
      if (code === 34) this.string()
      else this.literal()
      this.skipSpace()
    }
  }

  private open(isObject: boolean): void {
    if (this.frames.length >= this.options.maxDepth) {
      this.report('too-deep', `Values nest more than ${this.options.maxDepth} levels deep.`, this.pos)
      throw new SyntaxProblem()
    }
    this.frames.push({ isObject, start: this.pos, keys: [], at: -1 })
    this.pos++
    this.skipSpace()
  }

  /** Passes a string; says whether it holds escapes. */
  private string(): boolean {
    const { text } = this
    const start = this.pos
    let hasEscapes = false
    let pos = start + 1
    for (;;) {
      const code = text.charCodeAt(pos)
      if (code === 34) break
      if (code === 92) {
        this.escape(pos)
        hasEscapes = true
        pos++
      } else if (!(code >= 32)) {
        this.pos = pos
        if (pos >= text.length) this.fail('The file ends inside a text.', start)
        this.fail('A text may not run over the end of a line or hold control characters: write \\n for a new line.')
      }
      pos++
    }
    this.pos = pos + 1
    return hasEscapes
  }

  private escape(pos: number): void {
    escapePattern.lastIndex = pos
    if (!escapePattern.test(this.text)) this.fail('This is no escape that JSON has.', pos)
  }

  private literal(): void {
    literalPattern.lastIndex = this.pos
    const match = literalPattern.exec(this.text)
    if (!match) this.expected('a value')
    const [word] = match
    if (!Number.isFinite(Number(word)) && !words.has(word)) this.fail(`The number ${word.slice(0, 20)} is too large.`)
    this.pos += word.length
  }

  private skipSpace(): void {
    const { text } = this
    let pos = this.pos
    for (let code = text.charCodeAt(pos); code === 32 || code === 10 || code === 13 || code === 9;) {
      code = text.charCodeAt(++pos)
    }
    this.pos = pos
  }

  private expected(what: string): never {
    if (this.pos < this.text.length) return this.fail(`Expected ${what} here, but found ${this.found()}.`)
    const frame = this.frames[this.frames.length - 1]
    if (!frame) return this.fail('The file ends before its document does.')
    const { line } = positionAt(this.text, frame.start)
    return this.fail(`The file ends inside the ${frame.isObject ? 'object' : 'list'} that begins on line ${line}.`)
  }

  private found(): string {
    const rest = this.text.slice(this.pos, this.pos + 20)
    return JSON.stringify(/^[\w$-]+/.exec(rest)?.[0] ?? String.fromCodePoint(rest.codePointAt(0) ?? 32))
  }

  private fail(message: string, offset = this.pos): never {
    this.report('syntax', message, offset)
    throw new SyntaxProblem()
  }

  private report(code: JsonProblem['code'], message: string, offset: number, key?: string): void {
    if (this.problems.length >= maxProblems) return
    const path = this.frames.slice(0, -1).map((frame) => frame.at)
    this.problems.push({ code, message, offset, path, ...(key !== undefined && { key }) })
  }
}

const escapePattern = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
const literalPattern = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const words = new Set(['true', 'false', 'null'])

/** Notes a key and says whether the object had it already. */
function isRepeated(frame: Frame, key: string): boolean {
  if (frame.keySet) {
    if (frame.keySet.has(key)) return true
    frame.keySet.add(key)
    return false
  }
  if (frame.keys.includes(key)) return true
  frame.keys.push(key)
  if (frame.keys.length > manyKeys) frame.keySet = new Set(frame.keys)
  return false
}
