import type { Json, JsonObject } from '../../model/json.ts'

/** Short hands for nodes of test flows, in the file's own form. */
export const start: JsonObject = { kind: 'start' }

export const set = (values: JsonObject, more: JsonObject = {}): JsonObject => ({
  kind: 'set',
  data: { values },
  ...more,
})

export const ret = (value: Json, more: JsonObject = {}): JsonObject => ({ kind: 'return', data: { value }, ...more })

export const when = (condition: Json, more: JsonObject = {}): JsonObject => ({
  kind: 'if',
  data: { condition },
  ...more,
})

export const code = (source: string, more: JsonObject = {}): JsonObject => ({ kind: 'code', data: { source }, ...more })

export const wait = (duration: string, more: JsonObject = {}): JsonObject => ({
  kind: 'wait',
  data: { for: duration },
  ...more,
})

/** A node that fails when it runs, without any service. */
export const boom = (more: JsonObject = {}): JsonObject => code('throw new Error("boom")', more)
