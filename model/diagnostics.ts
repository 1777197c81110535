/** Problems of a document, as values: parsing and compiling return them, nothing throws them. EXECUTION.md 10.4. */
export interface Diagnostic {
  /** One of {@link diagnosticCodes}. */
  code: DiagnosticCode
  severity: Severity
  /** A sentence that says what is wrong and what to do about it. */
  message: string
  /** The flow file, as the caller named it. */
  file: string
  /** The node concerned. */
  node?: string
  /** Dotted path of the setting inside the node (`data.url`, `policy.retry.delay`) or of the file (`edges[3]`). */
  field?: string
  /** The counterexample: node ids (or `id:port`) in the order in which a run would pass them. */
  path?: string[]
  /** 1-based position in the file's text, where the text itself is damaged. */
  line?: number
  column?: number
}

export type Severity = 'error' | 'warning' | 'info'

/** Every diagnostic code with its default severity and the line of help shown beside it. */
export const diagnosticCodes = {
  'bad-json': ['error', 'The file is not JSON. Look at the line named, or restore the last saved version.'],
  'file-unreadable': ['error', 'The file is missing, is a folder, is no text, or may not be read by this user.'],
  'bad-usage': ['error', 'The command was not understood. --help shows what it takes.'],
  'bad-input': ['error', "The run's input does not fit the flow's input schema."],
  'bad-format': ['error', 'The file is not a Switchyard flow, or one of a newer version than this program reads.'],
  'bad-field': ['error', 'A field holds a value of the wrong type. The message names the field and what it may hold.'],
  'too-large': ['error', 'The file passes a size limit. Split the flow, or move large values into files it reads.'],
  'bad-node-id': [
    'error',
    'Node ids are JavaScript identifiers of ASCII letters, digits, _ and $, not starting with a digit.',
  ],
  'duplicate-id': ['error', 'Two nodes share an id. Rename one of them.'],
  'bad-edge': ['error', 'An edge reads "from:port -> to:port"; ports may be left out.'],
  'unknown-kind': ['error', 'No node kind of this name is installed. The node is kept as it is and cannot run.'],
  'unknown-port': ['error', 'The node has no port of this name. Rewire the edge to one of its ports.'],
  'unknown-node': ['error', 'The edge or reference names a node that is not in the flow.'],
  'missing-field': ['error', 'A required setting is empty. Fill it in.'],
  'bad-expression': ['error', 'The expression does not parse, or a setting that must be one expression is not.'],
  'bad-policy': ['error', 'The policy does not fit this node.'],
  'port-needed': ['error', 'The node has no port "out", so the port it should finish on must be named.'],
  'duplicate-edge': ['error', 'The same edge stands twice. Remove one.'],
  'supplier-with-tokens': [
    'error',
    'A node that supplies an agent takes no part in the flow of control. Remove its other edges.',
  ],
  'crosses-container': ['error', 'An edge may not cross the border of a container.'],
  'loop-multiple-entry': [
    'error',
    'A loop can be entered at one node only. Let every edge from outside lead to the same node.',
  ],
  'loop-escape': [
    'error',
    'One iteration could both go on and leave the loop. Decide with one node which of the two happens.',
  ],
  'loop-without-exit': ['error', 'The loop can never be left. Add an edge that leads out of it.'],
  'no-start': ['error', 'The flow has no start node and no trigger. Add one.'],
  'several-starts': ['error', 'The flow has several start nodes. Keep one.'],
  unreachable: ['warning', 'No path from the start leads here, so the node is skipped.'],
  'reads-unset': [
    'warning',
    'On some path the value read here was never set. Wire the nodes, or give a fallback with ?? or ?.',
  ],
  'waits-for-ever': ['warning', 'Nothing in the flow can end this wait.'],
  'race-drops-token': ['warning', 'A later branch is cancelled or ignored here, because the join takes the first one.'],
  'empty-body': ['warning', 'The container has no nodes inside, so its result is null.'],
  'unknown-field': ['info', 'The field is kept but not read by this version.'],
} as const satisfies Record<string, readonly [Severity, string]>

export type DiagnosticCode = keyof typeof diagnosticCodes

/** Builds a diagnostic with the code's default severity. */
export function diagnostic(
  code: DiagnosticCode,
  message: string,
  place: Omit<Diagnostic, 'code' | 'severity' | 'message'>,
): Diagnostic {
  return { code, severity: diagnosticCodes[code][0], message, ...place }
}

/** Whether any diagnostic is an error, so that the flow may not run. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error')
}
