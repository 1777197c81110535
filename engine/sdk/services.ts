import type { Json, JsonObject, JsonSchema } from '../../model/json.ts'
import type { Usage } from '../../model/events.ts'
import type { BlobRef } from '../../model/events.ts'
import type { AgentSteps, Progress } from './executor.ts'

/**
 * What executors may use. Every service exists in a real and a recorded version; a kind's call carries exactly those
 * its spec names in `needs` (the others throw `service-not-granted`). Failures are thrown as `NodeFailure`.
 */
export interface Services {
  readonly http: HttpService
  readonly files: FilesService
  readonly shell: ShellService
  readonly model: ModelService
  readonly sandbox: SandboxService
  /** Only on kinds of role `agent`. */
  readonly tools: AgentSteps
}

export interface HttpService {
  /** Fails as `http-network`, `http-refused-address`, `cancelled`. A status is never a failure here. */
  request(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse>
}

export interface HttpRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

export interface HttpResponse {
  readonly status: number
  /** Lower-case names; repeated headers joined by ", ". */
  readonly headers: Readonly<Record<string, string>>
  /** The whole body; fails as `http-too-large` past the service's cap. */
  readonly body: Uint8Array
  /** Keeps bytes as a blob of the run store. */
  readonly toBlob: (mime: string, name?: string) => Promise<BlobRef>
}

/** Paths are relative to the workspace; a path outside its granted roots fails as `file-outside`. */
export interface FilesService {
  read(path: string, signal: AbortSignal): Promise<{ path: string; bytes: Uint8Array }>
  write(path: string, bytes: Uint8Array, mode: 'create' | 'overwrite' | 'append', signal: AbortSignal): Promise<{ path: string; size: number }>
  list(dir: string, glob: string, signal: AbortSignal): Promise<readonly FileEntry[]>
  toBlob(bytes: Uint8Array, mime: string, name?: string): Promise<BlobRef>
}

export interface FileEntry {
  /** Relative to the workspace, with `/`. */
  readonly path: string
  readonly name: string
  readonly size: number
  /** ISO 8601 */
  readonly modifiedAt: string
}

export interface ShellService {
  /** Fails as `shell-not-found`, `shell-output-too-large`, `cancelled`. A non-zero exit is never a failure here. */
  run(command: ShellCommand, signal: AbortSignal, progress: Progress): Promise<ShellResult>
}

export interface ShellCommand {
  /** Argument list, or a command line for the system's shell. */
  readonly command: readonly string[] | string
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
}

export interface ShellResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
  readonly durationMs: number
}

export interface ModelService {
  /**
   * One request to an OpenAI-compatible endpoint, streamed to `progress`. Fails as `model-unreachable`, `model-no-key`,
   * `model-rate-limited` (retryable), `model-server-error` (retryable), `model-bad-answer`, `model-refused`.
   */
  chat(request: ChatRequest, signal: AbortSignal, progress: Progress): Promise<ChatAnswer>
}

export interface ChatRequest {
  /** `provider/model` */
  readonly model: string
  readonly messages: readonly ChatMessage[]
  readonly temperature?: number
  readonly maxTokens?: number
  /** JSON Schema of the answer. */
  readonly schema?: JsonSchema
  readonly tools?: readonly { readonly name: string; readonly description: string; readonly parameters: JsonSchema }[]
}

export type ChatMessage =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | { readonly role: 'assistant'; readonly content: string; readonly toolCalls?: readonly ToolCall[] }
  | { readonly role: 'tool'; readonly callId: string; readonly content: string }

export interface ToolCall {
  readonly id: string
  readonly name: string
  /** The model's JSON text, unparsed. */
  readonly arguments: string
}

export interface ChatAnswer {
  readonly text: string
  /** The parsed answer where a schema was given and it fits. */
  readonly object?: Json
  readonly toolCalls: readonly ToolCall[]
  readonly usage: Usage
  readonly model: string
  readonly finishReason: string
}

export interface SandboxService {
  /**
   * Runs the body of a JavaScript function over named values, with no ambient authority, and gives back what it
   * returns as JSON. Fails as `expression-failed` (with the script's message), `sandbox-timeout`, `sandbox-memory`.
   */
  run(source: string, scope: JsonObject, signal: AbortSignal): Promise<Json>
}
