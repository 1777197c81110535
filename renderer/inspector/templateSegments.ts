import { parseTemplate } from '../../model/expressions/template.ts'

/** A stretch of a text setting: plain, or a hole with its braces. */
export interface TemplateSegment {
  readonly text: string
  readonly hole: boolean
}

/** Cuts a text into plain stretches and holes. Text whose holes do not parse yet is cut by its braces. */
export function templateSegments(text: string): readonly TemplateSegment[] {
  if (!text.includes('{{')) return [{ text, hole: false }]
  const parsed = parseTemplate(text)
  if ('problem' in parsed) return roughSegments(text)
  const segments: TemplateSegment[] = []
  let at = 0
  for (const part of parsed.template.parts) {
    if (part.type !== 'hole') continue
    const start = text.lastIndexOf('{{', part.start)
    const end = text.indexOf('}}', part.start + part.expression.length) + 2
    if (start > at) segments.push({ text: text.slice(at, start), hole: false })
    segments.push({ text: text.slice(start, end), hole: true })
    at = end
  }
  if (at < text.length) segments.push({ text: text.slice(at), hole: false })
  return segments
}

function roughSegments(text: string): readonly TemplateSegment[] {
  return text
    .split(/(\{\{[\s\S]*?(?:\}\}|$))/)
    .filter((piece) => piece !== '')
    .map((piece) => ({ text: piece, hole: piece.startsWith('{{') }))
}

/** The hole that holds this offset (strictly inside its braces), as start and end of the text with braces. */
export function holeAround(text: string, offset: number): { readonly start: number; readonly end: number } | undefined {
  let at = 0
  for (const segment of templateSegments(text)) {
    const end = at + segment.text.length
    if (segment.hole && offset >= at + 2 && offset <= end - 2) return { start: at, end }
    at = end
  }
  return undefined
}
