/** What passes between the pool and a sandbox worker. Scripts, scopes and values travel as text. */
export interface SandboxJob {
  readonly id: number
  /** Expressions, or the one body of a function. */
  readonly sources: readonly string[]
  readonly isBody: boolean
  /** JSON text of the scope, an object by name. */
  readonly scope: string
  /** Names the scope has. */
  readonly names: readonly string[]
  /** The script is interrupted after this many milliseconds; the worker is killed a little later. */
  readonly limitMs: number
}

export type SandboxReply =
  | { readonly type: 'ready' }
  | { readonly type: 'done'; readonly id: number; readonly values: string }
  | { readonly type: 'failed'; readonly id: number; readonly code: SandboxFailureCode; readonly message: string }

export type SandboxFailureCode = 'expression-failed' | 'sandbox-timeout' | 'sandbox-memory'
