/** What a scope's tokens run on: the graph behind the states, in `meta.tokens` of each scope's machine. */
export interface ScopeTokens {
  /** Nodes that take tokens, in file order. */
  readonly nodes: readonly string[]
  /** Nodes that start with the scope: the start, the triggers, or a body's nodes without an in-edge. */
  readonly entries: readonly string[]
  /** Entries that start only where they have fired; then no other entry does. */
  readonly triggers?: readonly string[]
  /** Nodes no token can reach: skipped at once. Their edges stand not among `edges`. */
  readonly unreachable?: readonly string[]
  /** Token edges as the file writes them. */
  readonly edges: readonly string[]
  /** Nodes that join `any`. */
  readonly any?: readonly string[]
  /** Nodes whose end ends the scope. */
  readonly returns?: readonly string[]
  /** Nodes whose starts and ends are counted. The others stand outside loops and forks, where one token moves. */
  readonly counted?: readonly string[]
  /** Dataflow states: what runs in them by in-degree counts. */
  readonly blocks?: readonly { readonly state: string; readonly nodes: readonly string[] }[]
  /** Loops, outer ones first; `nodes` without those of inner loops, `within` the header of the loop around it. */
  readonly loops?: readonly TokenLoop[]
}

export interface TokenLoop {
  readonly header: string
  readonly within?: string
  readonly nodes: readonly string[]
  /** Starts of the header that are allowed each time the loop is entered. */
  readonly maxVisits: number
}
