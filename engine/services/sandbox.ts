import type { Json, JsonObject } from '../../model/json.ts'

/**
 * Foreign JavaScript, run in QuickJS inside worker threads that are killed at the deadline. No ambient authority: a
 * script sees the values it is given and nothing else. SECURITY.md of the project says what is promised.
 */
export interface SandboxPool {
  /**
   * Evaluates expressions (each the inside of one `{{ }}`) over one scope, in order. Fails as `expression-failed`
   * (with the script's message), `sandbox-timeout`, `sandbox-memory`. `undefined` comes back as null.
   */
  evaluate(sources: readonly string[], scope: JsonObject, signal?: AbortSignal): Promise<Json[]>
  /** Runs the body of a function over named values; same failures. */
  run(source: string, scope: JsonObject, signal?: AbortSignal): Promise<Json>
  /** Stops the workers. */
  close(): Promise<void>
}
