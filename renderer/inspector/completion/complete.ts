import { holeAround } from '../templateSegments.ts'
import { shapeAt, type Shape } from './shape.ts'

/** A name that can stand at the caret. */
export interface Completion {
  readonly name: string
  /** Type, example or purpose, for the right side of the list. */
  readonly detail: string
}

/** What can stand at the caret, and which part of the text it replaces. */
export interface CompletionList {
  readonly from: number
  readonly to: number
  readonly options: readonly Completion[]
  /** The caret stands right behind `{{`, which has no end yet: taking a name closes the hole. */
  readonly opens: boolean
}

const pathBefore =
  /([A-Za-z_$][\w$]*(?:\?\.|\.|\[\d+\])+(?:[A-Za-z_$][\w$]*(?:\?\.|\.|\[\d+\])+)*)?([A-Za-z_$][\w$]*)?$/
const maxOptions = 40

/** The names that can stand at the caret of a text setting, or of one that is an expression. `scope` is asked only where names can stand. */
export function completionsAt(
  text: string,
  caret: number,
  isExpression: boolean,
  scope: () => Shape,
): CompletionList | undefined {
  const before = codeBefore(text, caret, isExpression)
  if (before === undefined || inString(before.code)) return undefined
  const [, path = '', typed = ''] = pathBefore.exec(before.code) ?? []
  const holder = shapeAt(scope(), keysOf(path))
  const wanted = typed.toLowerCase()
  const options = [...holder.parts]
    .filter(([name]) => name.toLowerCase().includes(wanted) && name !== typed)
    .sort(([a], [b]) => Number(b.toLowerCase().startsWith(wanted)) - Number(a.toLowerCase().startsWith(wanted)))
    .slice(0, maxOptions)
    .map(([name, shape]) => ({ name, detail: shape.example ?? shape.note ?? shape.type }))
  if (options.length === 0 || (path === '' && typed === '' && !before.opens && /[\w$)\]'"`]\s*$/.test(before.code)))
    return undefined
  return { from: caret - typed.length, to: caret, options, opens: before.opens }
}

/** The JavaScript before the caret; undefined where the caret is not in an expression. */
function codeBefore(text: string, caret: number, isExpression: boolean): { code: string; opens: boolean } | undefined {
  if (isExpression) return { code: text.slice(0, caret), opens: false }
  const start = text.lastIndexOf('{{', caret - 2)
  if (start < 0 || start + 2 > caret) return undefined
  const code = text.slice(start + 2, caret)
  if (code.includes('}}')) return undefined
  const closed = holeAround(text, caret) !== undefined && text.slice(caret).includes('}}')
  return { code, opens: !closed }
}

function keysOf(path: string): readonly string[] {
  return path.split(/\?\.|[.[\]]/).filter((key) => key !== '')
}

/** Whether the code ends inside a string literal. */
function inString(code: string): boolean {
  const quotes = code.replace(/\\./g, '').match(/["'`]/g) ?? []
  let open: string | undefined
  for (const quote of quotes) open = open === undefined ? quote : open === quote ? undefined : open
  return open !== undefined
}

/** The text with a completion taken, and where the caret goes. A name that is no identifier is written with brackets. */
export function takeCompletion(
  text: string,
  list: CompletionList,
  name: string,
): { readonly text: string; readonly caret: number } {
  const plain = /^[A-Za-z_$][\w$]*$/.test(name)
  const before = text.slice(0, list.from)
  const dot = !plain && before.endsWith('.') && !before.endsWith('?.') ? 1 : 0
  const space = list.opens && before.endsWith('{{') ? ' ' : ''
  const piece = plain ? name : `[${JSON.stringify(name)}]`
  const head = text.slice(0, list.from - dot) + space + piece
  return { text: head + (list.opens ? ' }}' : '') + text.slice(list.to), caret: head.length }
}
