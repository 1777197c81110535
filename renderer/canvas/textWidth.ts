/** The fonts that cards are measured in; they match `NodeCard.module.css`. */
export const labelFont = '600 13px "Inter Variable", system-ui, sans-serif'
export const smallFont = '400 11px "Inter Variable", system-ui, sans-serif'
export const noteFont = '400 13px "Inter Variable", system-ui, sans-serif'

const cacheLimit = 20_000
const averageGlyph = 0.58

let context: CanvasRenderingContext2D | null | undefined
const widths = new Map<string, number>()

function drawingContext(): CanvasRenderingContext2D | null {
  context ??= document.createElement('canvas').getContext('2d')
  return context
}

function measured(text: string, font: string): number {
  const drawing = drawingContext()
  if (!drawing) return text.length * Number.parseInt(font.slice(4), 10) * averageGlyph
  drawing.font = font
  return drawing.measureText(text).width
}

/** Width of a text in pixels. Cached: cards are measured before they are drawn, thousands at a time. */
export function textWidth(text: string, font: string): number {
  const key = `${font}|${text}`
  const known = widths.get(key)
  if (known !== undefined) return known
  if (widths.size >= cacheLimit) widths.clear()
  const width = measured(text, font)
  widths.set(key, width)
  return width
}

/** Forgets all widths: call when the web fonts have arrived. */
export function forgetTextWidths(): void {
  widths.clear()
}
