import { z } from 'zod'
import './jitless.ts'
import type { Diagnostic } from './diagnostics.ts'
import type { ProgressMessage, RunEvent } from './events.ts'
import type { Json, JsonSchema } from './json.ts'

/**
 * The one table of requests between windows, command line and engine: name -> parameters (parsed on arrival) and
 * result. Client, server, permission check and tests derive from it. Transports carry `Request`, `Response` and
 * `Notification` as JSON. Flow documents travel as file text, so that only `model/flowFile` knows their shape.
 */
export const protocolVersion = 1

const path = z.string().min(1).max(4096)
const json = z.json()
/** `import`: the text came from outside (a foreign file, the clipboard), so it does not inherit trust. */
const origin = z.enum(['edit', 'import']).optional()
const flowSource = z.object({
  /** Workspace-relative path; names the flow in the log and resolves relative references. */
  path: path,
  /** The document as edited; the file's content where absent. */
  text: z.string().optional(),
  /** Where an unsaved text comes from: one with imported parts is trusted only as it stands. */
  origin: origin,
})

/** Parameters of every request. */
export const requestSchemas = {
  'engine.hello': z.object({ protocol: z.number().int() }),

  'workspace.files': z.object({}),
  'file.read': z.object({ path }),
  /** `expected`: hash of the content the writer has seen, or null for a new file; a mismatch is a conflict. */
  'file.write': z.object({ path, text: z.string(), expected: z.string().nullable(), origin: origin }),

  /** The edit journal: the document as last edited, kept on disk within a second of the edit. */
  'draft.save': z.object({ path, text: z.string(), label: z.string(), base: z.string().nullable(), origin: origin }),
  'draft.load': z.object({ path }),
  'draft.drop': z.object({ path }),
  'draft.list': z.object({}),

  'flow.check': z.object({ flow: flowSource, revision: z.number().int() }),
  'flow.compile': z.object({ flow: flowSource, format: z.enum(['json', 'ts', 'mermaid']) }),
  /** Evaluates one template in the scope of a node, with the last outputs of `runId`. Runs nothing else. */
  'expression.preview': z.object({ flow: flowSource, node: z.string(), template: json, runId: z.string().optional() }),

  'run.start': z.object({
    flow: flowSource,
    input: z.record(z.string(), json),
    /** Runs this node alone. */
    only: z.object({ node: z.string(), prev: json.optional(), runId: z.string().optional() }).optional(),
    /** Stops before this node (id or path) starts, until the run is resumed. */
    pauseAt: z.string().optional(),
    /** Grants trust for this run. */
    trust: z.boolean().optional(),
  }),
  'run.cancel': z.object({ runId: z.string() }),
  /**
   * Goes on with an unfinished run, or repairs a failed or cancelled one: with the flow given, else as it was.
   * A changed flow must be trusted, or `trust` be given.
   */
  'run.resume': z.object({ runId: z.string(), flow: flowSource.optional(), trust: z.boolean().optional() }),
  'run.resolve': z.object({
    runId: z.string(),
    node: z.string(),
    decision: z.discriminatedUnion('type', [
      z.object({ type: z.literal('retry') }),
      z.object({ type: z.literal('value'), output: json, port: z.string().optional() }),
      z.object({ type: z.literal('fail') }),
    ]),
  }),
  'run.list': z.object({ flow: z.string().optional(), limit: z.number().int().min(1).max(1000).optional() }),
  /** Starts a new run that reuses what the run had recorded up to and with `seq`. */
  'run.fork': z.object({ runId: z.string(), seq: z.number().int().min(1), trust: z.boolean().optional() }),
  /** Refolds the log with no effect executed. */
  'run.replay': z.object({ runId: z.string() }),
  /** Answers when the run has ended, or waits for people or signals only. */
  'run.settled': z.object({ runId: z.string() }),
  /**
   * Events after `after`, and the flow text the run was started with. Later ones follow as `run.events`. Values over
   * 16 KB travel as {@link ValuePreview}, unless `full` asks for the events as they stand in the log.
   */
  'run.open': z.object({ runId: z.string(), after: z.number().int().min(0).optional(), full: z.boolean().optional() }),
  'run.close': z.object({ runId: z.string() }),
  /** The JSON text of a value that an event carries as a preview; offset and length count UTF-16 units. */
  'value.read': z.object({
    hash: z.string(),
    offset: z.number().int().min(0).optional(),
    length: z.number().int().min(1).optional(),
  }),

  'settings.get': z.object({}),
  'settings.set': z.object({ settings: z.record(z.string(), json) }),
  'secret.list': z.object({}),
  'secret.set': z.object({ name: z.string().min(1), value: z.string(), hosts: z.array(z.string()).optional() }),
  'secret.delete': z.object({ name: z.string() }),
  'provider.test': z.object({ provider: z.string(), model: z.string().optional() }),

  'trust.get': z.object({ flow: flowSource }),
  'trust.grant': z.object({ flow: flowSource }),

  'template.list': z.object({}),
  /** Copies a template's folder into the workspace and returns the path of its flow. */
  'template.create': z.object({ name: z.string(), folder: path }),
} as const satisfies Record<string, z.ZodType>

export type RequestName = keyof typeof requestSchemas
export type RequestParams<N extends RequestName> = z.infer<(typeof requestSchemas)[N]>

/** Results of every request. */
export interface RequestResults {
  'engine.hello': {
    protocol: number
    version: string
    workspace: string
    host: 'desktop' | 'browser'
    secretStore: 'keychain' | 'file' | 'environment' | 'memory'
  }
  'workspace.files': { files: WorkspaceFile[] }
  'file.read': { text: string; hash: string }
  'file.write': { hash: string }
  'draft.save': { savedAt: string }
  'draft.load': { draft: { text: string; label: string; base: string | null; savedAt: string } | null }
  'draft.drop': Record<string, never>
  'draft.list': { drafts: { path: string; savedAt: string }[] }
  'flow.check': { revision: number; diagnostics: Diagnostic[] }
  'flow.compile': { text: string; diagnostics: Diagnostic[] }
  'expression.preview': { value: Json } | { error: { code: string; message: string } }
  'run.start': { runId: string } | { diagnostics: Diagnostic[] } | { untrusted: { services: string[]; env: string[] } }
  'run.cancel': Record<string, never>
  'run.resume':
    Record<string, never> | { diagnostics: Diagnostic[] } | { untrusted: { services: string[]; env: string[] } }
  'run.resolve': Record<string, never>
  'run.fork': { runId: string } | { diagnostics: Diagnostic[] } | { untrusted: { services: string[]; env: string[] } }
  'run.replay': { events: number; differences: { seq: number; expected: string; found: string }[]; result: RunOutcome }
  'run.settled': RunOutcome
  'run.list': { runs: RunSummary[] }
  'run.open': { summary: RunSummary; events: RunEvent[]; flowText: string }
  'run.close': Record<string, never>
  'value.read': { text: string; size: number }
  'settings.get': { settings: Settings }
  'settings.set': { settings: Settings }
  'secret.list': { secrets: { name: string; hosts: string[] }[]; store: 'keychain' | 'file' | 'environment' | 'memory' }
  'secret.set': Record<string, never>
  'secret.delete': Record<string, never>
  'provider.test': { ok: boolean; message: string; models: string[] }
  'trust.get': { trusted: boolean; services: string[]; env: string[] }
  'trust.grant': Record<string, never>
  'template.list': { templates: TemplateSummary[] }
  'template.create': { path: string }
}

export interface WorkspaceFile {
  path: string
  name: string
  size: number
  modifiedAt: string
}

export interface RunSummary {
  runId: string
  /** Workspace-relative path of the flow. */
  flow: string
  name: string
  status: RunStatus
  startedAt: string
  endedAt?: string
  durationMs?: number
  error?: { code: string; message: string; node?: string }
  usage?: { inputTokens: number; outputTokens: number; cost?: number }
}

/** How a run ended, or what it waits for. */
export interface RunOutcome {
  runId: string
  status: RunStatus
  /** Null where there is none. */
  output: Json
  error?: { code: string; message: string; node?: string }
  usage?: { inputTokens: number; outputTokens: number; cost?: number }
  durationMs: number
  /** Node paths that wait for a person or signal, where the status is `waiting`. */
  waitingOn?: string[]
  /** Those of them before whose start the run was told to stop: `run.resume` moves it on. */
  pausedAt?: string[]
}

/** What stands in an event for a value too large to send unasked; `value.read` with the hash gives the whole. */
export interface ValuePreview {
  /** SHA-256 of the value's JSON text, hex. */
  $blob: string
  /** Length of the JSON text. */
  size: number
  /** The beginning of a string, or of the JSON text of any other value. */
  preview: string
  type: 'string' | 'array' | 'object'
}

export type RunStatus = 'running' | 'waiting' | 'completed' | 'failed' | 'cancelled'

export interface TemplateSummary {
  name: string
  title: string
  description: string
  /** Services it needs; empty where it runs with nothing. */
  services: string[]
  needsKey: boolean
  inputs?: JsonSchema
  nodeCount: number
}

/** Settings of a workspace, kept in `.switchyard/settings.json`. Secrets stand here by reference only. */
export const settingsSchema = z.looseObject({
  providers: z
    .record(
      z.string(),
      z.looseObject({ baseURL: z.string(), apiKey: z.looseObject({ $secret: z.string() }).optional() }),
    )
    .default({}),
  /** Model used where a node names none. */
  defaultModel: z.string().optional(),
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  proxy: z.string().optional(),
  /** Path of a PEM file with additional certificate authorities. */
  caFile: z.string().optional(),
  allowPrivateNetwork: z.boolean().default(false),
  /** Panel sizes, last open file and the like; the renderer's own. */
  view: z.record(z.string(), json).default({}),
})
export type Settings = z.infer<typeof settingsSchema>

/** What the engine sends unasked. */
export interface Notifications {
  /** New events of runs this client has opened, in order, after their commit. */
  'run.events': { runId: string; events: RunEvent[] }
  'run.progress': { messages: ProgressMessage[] }
  'run.listChanged': { run: RunSummary }
  'workspace.changed': { paths: string[] }
  'engine.lost': { message: string }
}
export type NotificationName = keyof Notifications

export interface Request<N extends RequestName = RequestName> {
  readonly id: number
  readonly method: N
  readonly params: RequestParams<N>
}

export type Response<N extends RequestName = RequestName> =
  { readonly id: number; readonly result: RequestResults[N] } | { readonly id: number; readonly error: ProtocolError }

/** The only shape of error that crosses a process. */
export interface ProtocolError {
  readonly code: string
  readonly message: string
  readonly details?: Json
}

export type Notification = {
  [N in NotificationName]: { readonly event: N; readonly params: Notifications[N] }
}[NotificationName]
