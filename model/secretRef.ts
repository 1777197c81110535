import { isJsonObject } from './json.ts'

/**
 * A secret as flows, settings and logs hold it: by name only. The value is read at the effect, for the host it goes to,
 * and stands nowhere else. EXECUTION.md 1.5, SECURITY.md.
 */
export interface SecretRef {
  readonly $secret: string
  /** Put before the value, for instance `Bearer `. */
  readonly prefix?: string
}

/** Whether a value is a reference to a secret. */
export function isSecretRef(value: unknown): value is SecretRef {
  if (!isJsonObject(value) || typeof value['$secret'] !== 'string') return false
  return value['prefix'] === undefined || typeof value['prefix'] === 'string'
}

/** Names of all secrets that a value refers to, each once, in order of appearance. */
export function secretNames(value: unknown): string[] {
  const names = new Set<string>()
  const open = [value]
  while (open.length > 0) {
    const part = open.shift()
    if (isSecretRef(part)) names.add(part.$secret)
    else if (typeof part === 'object' && part !== null) open.push(...Object.values(part as Record<string, unknown>))
  }
  return [...names]
}
