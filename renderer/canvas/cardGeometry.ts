import { defaultOutPort, errorPort } from '../../model/edges.ts'
import type { Port } from '../../model/nodeSpec.ts'
import { labelFont, smallFont, textWidth } from './textWidth.ts'

/**
 * Where everything on a card lies, in pixels at 100 %. The canvas gives these numbers to the flow view, so that no node
 * has to be measured in the page; `NodeCard.module.css` draws to the same numbers.
 */
export interface CardGeometry {
  readonly width: number
  readonly height: number
  readonly labelLines: 1 | 2
  readonly headerHeight: number
  /** Zero where no run is shown. */
  readonly stateHeight: number
  readonly bodyHeight: number
  /** Outcomes listed in the footer, in order; empty where the one outcome leaves beside the header. */
  readonly footer: readonly FooterPort[]
  /** Outcomes that the footer folds into "+n". */
  readonly folded: readonly Port[]
  readonly supplies: readonly SupplyPort[]
  readonly handles: readonly CardHandle[]
}

export interface FooterPort extends Port {
  readonly y: number
}

export interface SupplyPort extends Port {
  readonly x: number
}

export interface CardHandle {
  readonly id: string
  readonly type: 'source' | 'target'
  readonly side: 'left' | 'right' | 'top' | 'bottom'
  /** Centre, from the card's upper left corner. */
  readonly x: number
  readonly y: number
  /** Shown only while it can be used. */
  readonly quiet?: boolean
}

export interface CardShape {
  readonly label: string
  readonly subtitle: string
  readonly inputs: readonly Port[]
  readonly outputs: readonly Port[]
  readonly supplies: readonly Port[]
  /** The node's failure may leave on a port of its own. */
  readonly mayFail: boolean
  /** An edge leaves the error port, so it is listed. */
  readonly errorWired: boolean
  /** The node may supply an agent. */
  readonly maySupply: boolean
  /** The node supplies an agent: it has no token ports. */
  readonly supplier: boolean
  readonly stateShown: boolean
  readonly bodyHeight: number
  readonly unfolded: boolean
}

export const cardWidth = 240
/** Id of the handle through which a node supplies an agent. */
export const supplyHandle = '^supply'
/** Diameter of a drawn handle. */
export const handleSize = 11
export const handleY = 28
/** Height of the row that tells a node's state in a run. */
export const stateRowHeight = 28
/** Height of the box of streaming text, its margin included. */
export const streamBoxHeight = 72

/** Room for a label beside the icon tile; what is wider takes a second line, what is wider still is cut off with a tooltip. */
const labelWidth = 180
const headerOneLine = 56
const headerTwoLines = 74
const portRow = 20
const footerPadding = 6
const supplyRow = 32
/** Least space between two labels of supplies. */
const supplyGapMin = 10
/** Ports listed before the rest is folded into "+n". */
const shownPorts = 6

/** No glyph of the label's font is wider than the line divided by this many: short labels need no measuring. */
const surelyOneLine = 13

function labelLinesOf(label: string): 1 | 2 {
  if (label.length <= surelyOneLine) return 1
  return textWidth(label, labelFont) <= labelWidth ? 1 : 2
}

/** Spreads the supplies' labels over the lower edge with equal gaps. */
function spreadSupplies(supplies: readonly Port[]): SupplyPort[] {
  const widths = supplies.map((port) => textWidth(port.label ?? port.name, smallFont))
  const taken = widths.reduce((sum, width) => sum + width, 0)
  const gap = Math.max(supplyGapMin, (cardWidth - taken) / (supplies.length + 1))
  let left = (cardWidth - taken - gap * (supplies.length - 1)) / 2
  return supplies.map((port, index) => {
    const width = widths[index] ?? 0
    const x = Math.round(left + width / 2)
    left += width + gap
    return { ...port, x }
  })
}

/** The ways on that can be seen: a failure's only once it is wired, since most flows leave it be. */
function outcomes(shape: CardShape): readonly Port[] {
  return shape.errorWired ? [...shape.outputs, { name: errorPort }] : shape.outputs
}

/** One outcome called `out` leaves beside the header, without a label; everything else is listed. */
function listedPorts(shape: CardShape): readonly Port[] {
  if (shape.supplier) return []
  const ports = outcomes(shape)
  const single = shape.outputs.length === 1 && shape.outputs[0]?.name === defaultOutPort
  return single ? ports.slice(1) : ports
}

/** The footer with its ports: where it begins, how high it is, and what it lists. */
interface Rows {
  readonly top: number
  readonly height: number
  readonly footer: readonly FooterPort[]
  readonly folded: readonly Port[]
}

function footerRows(shape: CardShape, top: number): Rows {
  const listed = listedPorts(shape)
  if (listed.length === 0) return { top, height: 0, footer: [], folded: [] }
  const folds = listed.length > shownPorts && !shape.unfolded
  const visible = folds ? listed.slice(0, shownPorts) : listed
  const rows = visible.length + (folds ? 1 : 0)
  const footer = visible.map((port, index) => ({ ...port, y: top + 1 + footerPadding + index * portRow + portRow / 2 }))
  return { top, height: 1 + 2 * footerPadding + rows * portRow, footer, folded: folds ? listed.slice(shownPorts) : [] }
}

function tokenHandles(shape: CardShape, rows: Rows, height: number): CardHandle[] {
  if (shape.supplier) return []
  const inputs = shape.inputs.map((port, index): CardHandle => {
    return { id: port.name, type: 'target', side: 'left', x: 0, y: handleY + index * portRow }
  })
  const listed = rows.footer.map((port): CardHandle => {
    return { id: port.name, type: 'source', side: 'right', x: cardWidth, y: port.y }
  })
  const foldedY = (rows.footer.at(-1)?.y ?? rows.top) + portRow
  const folded = rows.folded.map((port): CardHandle => {
    return { id: port.name, type: 'source', side: 'right', x: cardWidth, y: foldedY }
  })
  const names = new Set([...rows.footer, ...rows.folded].map((port) => port.name))
  const beside = shape.outputs
    .filter((port) => !names.has(port.name))
    .map((port): CardHandle => ({ id: port.name, type: 'source', side: 'right', x: cardWidth, y: handleY }))
  return [...inputs, ...beside, ...listed, ...folded, ...quietErrorHandle(shape, height)]
}

/** The way out for a failure that is not wired: on the lower edge, or beside it where supplies have the lower edge. */
function quietErrorHandle(shape: CardShape, height: number): CardHandle[] {
  if (!shape.mayFail || shape.errorWired) return []
  const base = { id: errorPort, type: 'source', quiet: true } as const
  if (shape.supplies.length > 0) return [{ ...base, side: 'right', x: cardWidth, y: height - 16 }]
  return [{ ...base, side: 'bottom', x: cardWidth - 24, y: height }]
}

function supplyHandles(shape: CardShape, supplies: readonly SupplyPort[], height: number): CardHandle[] {
  const taking = supplies.map((port): CardHandle => ({
    id: port.name,
    type: 'target',
    side: 'bottom',
    x: port.x,
    y: height,
  }))
  if (!shape.maySupply && !shape.supplier) return taking
  const giving: CardHandle = { id: supplyHandle, type: 'source', side: 'top', x: cardWidth / 2, y: 0 }
  return [...taking, shape.supplier ? giving : { ...giving, quiet: true }]
}

/** Lays a card out. Pure but for the text widths, which depend on the fonts loaded. */
export function cardGeometry(shape: CardShape): CardGeometry {
  const labelLines = labelLinesOf(shape.label)
  const headerHeight = labelLines === 1 ? headerOneLine : headerTwoLines
  const stateHeight = shape.stateShown ? stateRowHeight : 0
  const rows = footerRows(shape, headerHeight + stateHeight + shape.bodyHeight)
  const supplies = shape.supplier ? [] : spreadSupplies(shape.supplies)
  const height = rows.top + rows.height + (supplies.length > 0 ? supplyRow : 0)
  const handles = [...tokenHandles(shape, rows, height), ...supplyHandles(shape, supplies, height)]
  return {
    width: cardWidth,
    height,
    labelLines,
    headerHeight,
    stateHeight,
    bodyHeight: shape.bodyHeight,
    footer: rows.footer,
    folded: rows.folded,
    supplies,
    handles,
  }
}
