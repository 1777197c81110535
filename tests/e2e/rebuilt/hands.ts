import type { Edge } from '../../../model/edges.ts'

/** How a person reaches for things while building: by pointer and keys, or by keys alone. */
export interface Hands {
  /** Makes a new flow. */
  newFlow(): Promise<void>
  /** Moves into the name of the flow. */
  toName(): Promise<void>
  /** Opens the search list for a node at the end of this edge that is not there yet; `last` was added before it. */
  beginNode(edge: Edge, end: 'from' | 'to', last: string): Promise<void>
  /** Moves into a setting of the selected node. */
  toField(path: string): Promise<void>
  /** Begins a new entry of a list of settings (`params`, `data.cases`). */
  addEntry(path: string): Promise<void>
  /** Draws an edge between two nodes; `last` is the selected one. */
  connect(edge: Edge, last: string): Promise<void>
  /** Brings the values of the last run into the console; the canvas has the keyboard and nothing is selected. */
  showValues(): Promise<void>
}

/** What to type into the list of nodes to connect to, so that this edge stands first. */
export function connectSearch(edge: Edge): string {
  return [edge.to, ...(edge.fromPort === 'out' ? [] : [edge.fromPort])].join(' ')
}
