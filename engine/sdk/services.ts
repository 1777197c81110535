import type { Json, JsonObject, JsonSchema } from '../../model/json.ts'
import type { Usage } from '../../model/events.ts'
import type { BlobRef } from '../../model/events.ts'
import type { SecretRef } from '../../model/secretRef.ts'
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
  /**
   * Fails as `http-network` and `timeout` (retryable), `http-bad-url`, `http-refused-address`, `http-too-large`,
   * `http-redirects`, `secret-missing`, `secret-refused`. A status is never a failure here. Redirects are followed; a
   * secret never goes along to another origin.
   */
  request(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse>
}

export interface HttpRequest {
  readonly method: string
  /** http: or https:, absolute. */
  readonly url: string
  /** Added to the URL, encoded. */
  readonly query?: readonly (readonly [name: string, value: string | SecretRef])[]
  readonly headers: Readonly<Record<string, string | SecretRef>>
  /** `json` is sent as JSON with the secrets it refers to filled in; `blob` from the run store. */
  readonly body?: string | Uint8Array | { readonly json: Json } | { readonly blob: BlobRef }
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

/**
 * Files of the workspace, and (for reading) of the flow's own folder. A relative path is looked for in the workspace,
 * then beside the flow; writing goes to the workspace only. Paths that come back are relative to the folder in which
 * the file was found, with `/`, so that they lead to the same file again. Fails as `file-outside` (also for
 * `.switchyard/`), `file-not-found`, `file-exists`, `file-not-regular`, `file-too-large`, `file-denied`.
 */
export interface FilesService {
  read(path: string, signal: AbortSignal): Promise<{ path: string; bytes: Uint8Array }>
  write(
    path: string,
    bytes: Uint8Array,
    mode: 'create' | 'overwrite' | 'append',
    signal: AbortSignal,
  ): Promise<{ path: string; size: number }>
  /** Sorted by path, without symbolic links and, unless the pattern names them, dot files. */
  list(dir: string, glob: string, signal: AbortSignal): Promise<readonly FileEntry[]>
  toBlob(bytes: Uint8Array, mime: string, name?: string): Promise<BlobRef>
  /** Bytes of a blob of the run store; fails as `blob-missing`. */
  fromBlob(ref: BlobRef): Promise<Uint8Array>
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
  /**
   * Fails as `shell-not-found`, `shell-output-too-large`, `file-outside` (the folder). A non-zero exit is never a
   * failure here; a process ended by a signal has the exit code 128 + its number. The whole process group ends with it.
   */
  run(command: ShellCommand, signal: AbortSignal, progress: Progress): Promise<ShellResult>
}

export interface ShellCommand {
  /** Argument list, or a command line for the system's shell. */
  readonly command: readonly string[] | string
  /** Folder inside the workspace, relative to it; the workspace where absent. */
  readonly cwd?: string
  /** Added to the engine's environment. */
  readonly env?: Readonly<Record<string, string | SecretRef>>
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
   * One request to an OpenAI-compatible endpoint, streamed to `progress`. With a schema, an answer that does not fit is
   * sent back once. Fails as `model-none`, `model-no-key`, `model-bad-key`, `model-not-found`, `model-bad-request`,
   * `model-refused`, and retryable as `model-unreachable`, `model-rate-limited`, `model-server-error`, `model-stalled`,
   * `model-cut` (the stream ended early), `model-bad-answer` (malformed, or it does not fit the schema).
   */
  chat(request: ChatRequest, signal: AbortSignal, progress: Progress): Promise<ChatAnswer>
}

export interface ChatRequest {
  /** `provider/model`; the workspace's default model where absent. */
  readonly model?: string
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
