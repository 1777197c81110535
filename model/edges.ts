/** An edge between two ports. The file writes it as `"from[:port] -> to[:port]"`. EXECUTION.md 1.2. */
export interface Edge {
  readonly from: string
  readonly fromPort: string
  readonly to: string
  readonly toPort: string
}

export const defaultOutPort = 'out'
export const defaultInPort = 'in'
/** The port on which a node's failure leaves, on every kind that may fail. EXECUTION.md 5.2. */
export const errorPort = 'error'

const endPattern = String.raw`([A-Za-z_$][A-Za-z0-9_$]*)(?::([A-Za-z0-9_-]+))?`
const edgePattern = new RegExp(String.raw`^\s*${endPattern}\s*->\s*${endPattern}\s*$`)

/** Parses an edge's text; undefined where it does not have the form of an edge. */
export function parseEdge(text: string): Edge | undefined {
  const match = edgePattern.exec(text)
  if (!match) return undefined
  const [, from, fromPort, to, toPort] = match
  if (from === undefined || to === undefined) return undefined
  return { from, fromPort: fromPort ?? defaultOutPort, to, toPort: toPort ?? defaultInPort }
}

/** Writes an edge in its shortest form. It also serves as the edge's identity: equal edges, equal text. */
export function formatEdge(edge: Edge): string {
  const from = edge.fromPort === defaultOutPort ? edge.from : `${edge.from}:${edge.fromPort}`
  const to = edge.toPort === defaultInPort ? edge.to : `${edge.to}:${edge.toPort}`
  return `${from} -> ${to}`
}

/** Puts edges into the order of the file (by text, by code unit), which is their order in memory too; drops repeated ones. */
export function sortEdges(edges: readonly Edge[]): readonly Edge[] {
  const byText = new Map(edges.map((edge) => [formatEdge(edge), edge]))
  return [...byText.keys()].sort().flatMap((text) => byText.get(text) ?? [])
}
