import { holeAround } from './templateSegments.ts'

/** A text after something was dropped into it, and where the caret goes. */
export interface Dropped {
  readonly text: string
  readonly caret: number
}

/**
 * Puts the expression of a dragged value into a field. Inside a hole, or in a field that is one expression, it goes in
 * bare; elsewhere it brings its braces. An expression field that held something else is replaced.
 */
export function dropExpression(text: string, path: string, offset: number, isExpression: boolean): Dropped {
  if (isExpression) {
    if (text.trim() === '' || offset >= text.length) return append(text, path)
    return insert(text, path, offset)
  }
  return holeAround(text, offset) ? insert(text, path, offset) : insert(text, `{{ ${path} }}`, offset)
}

function insert(text: string, piece: string, offset: number): Dropped {
  return { text: text.slice(0, offset) + piece + text.slice(offset), caret: offset + piece.length }
}

function append(text: string, path: string): Dropped {
  const next = text.trim() === '' ? path : `${text.replace(/\s+$/, '')} ${path}`
  return { text: next, caret: next.length }
}
