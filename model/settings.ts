import { z } from 'zod'
import './jitless.ts'
import type { ZodObject, ZodType } from 'zod'
import { parseDuration } from './duration.ts'
import type { Json, JsonObject, JsonSchema } from './json.ts'
import { isJsonObject } from './json.ts'
import type { SecretRef } from './secretRef.ts'

/**
 * One setting of a kind, in its two states. As `written` in the file it may be a template wherever a template can
 * evaluate to what is wanted; once `evaluated` it must be the real thing. Scalars become text where text is wanted, and
 * null (what an empty hole gives) counts as absent where the setting is optional.
 */
export interface Setting<Written = unknown, Evaluated = unknown> {
  readonly written: ZodType<Written>
  readonly evaluated: ZodType<Evaluated>
}

/** A string with at least one hole. */
export const template = z.string().regex(/\{\{/, { error: 'must be a template with {{ }}', abort: true })

/** A value of any JSON type. Typed here once; checking depth and size is the file parser's affair. */
export const anyJson = z.unknown() as ZodType<Json>

const scalar = z.union([z.string(), z.number(), z.boolean()], 'must be text')
const scalarText = scalar.transform(String)

/** One text. Numbers and booleans that a template gives become text; lists and objects are refused. */
export function text(): Setting<string, string> {
  return { written: z.string('must be text'), evaluated: scalarText }
}

/** A text that takes any value a template gives: objects and lists as JSON, null as nothing. */
export function freeText(): Setting<Json, string> {
  return { written: anyJson, evaluated: z.unknown().transform((value) => asText(value as Json)) }
}

/** A number, within bounds where given. Text that reads as a number is taken as one. */
export function numeric(
  bounds: { min?: number; max?: number; integer?: boolean } = {},
): Setting<number | string, number> {
  const message = numberMessage(bounds)
  let plain = bounds.integer === true ? z.int(message) : z.number(message)
  if (bounds.min !== undefined) plain = plain.min(bounds.min, message)
  if (bounds.max !== undefined) plain = plain.max(bounds.max, message)
  const readsAsNumber = (value: unknown): unknown =>
    typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return { written: z.union([plain, template], message), evaluated: z.preprocess(readsAsNumber, plain) }
}

function numberMessage(bounds: { min?: number; max?: number; integer?: boolean }): string {
  const noun = bounds.integer === true ? 'a whole number' : 'a number'
  const { min, max } = bounds
  if (min !== undefined && max !== undefined) return `must be ${noun} from ${min} to ${max}`
  if (min !== undefined) return `must be ${noun} of at least ${min}`
  return max === undefined ? `must be ${noun}` : `must be ${noun} of at most ${max}`
}

/** Yes or no. The texts `true` and `false` count. */
export function flag(): Setting<boolean | string, boolean> {
  const readsAsBoolean = (value: unknown): unknown => (value === 'true' ? true : value === 'false' ? false : value)
  const plain = z.boolean('must be true or false')
  return {
    written: z.union([plain, template], 'must be true or false'),
    evaluated: z.preprocess(readsAsBoolean, plain),
  }
}

/** One of a few texts. */
export function choice<const Value extends string>(values: readonly Value[]): Setting<string, Value> {
  const message = `must be one of ${values.join(', ')}`
  const plain = z.enum(values, message)
  return { written: z.union([plain, template], message), evaluated: plain }
}

/** Any JSON value. */
export function anyValue(): Setting<Json, Json> {
  return { written: anyJson, evaluated: anyJson }
}

/** A JSON Schema document. */
export function jsonSchema(): Setting<JsonSchema | string, JsonSchema> {
  const message = 'must be a JSON Schema, as an object'
  const plain = z.record(z.string(), anyJson, message)
  return { written: z.union([plain, template], message), evaluated: plain }
}

/** A list of texts. */
export function textList(): Setting<(string | number | boolean)[] | string, string[]> {
  const message = 'must be a list of texts'
  return { written: z.union([z.array(scalar), template], message), evaluated: z.array(scalarText, message) }
}

/** Names with values of any type. */
export function valuePairs(): Setting<JsonObject | string, JsonObject> {
  const message = 'must be an object of names and values'
  const plain = z.record(z.string(), anyJson, message)
  return { written: z.union([plain, template], message), evaluated: plain }
}

/** Names with texts or secrets, for instance HTTP headers. A value that evaluates to null is left out. */
export function textPairs(): Setting<
  Record<string, string | number | boolean | SecretRef> | string,
  Record<string, string | SecretRef>
> {
  const message = 'must be an object of names and texts'
  const pairs = z.record(z.string(), z.union([scalar, secretRef], message).nullable(), message).transform(presentTexts)
  return { written: z.union([z.record(z.string(), z.union([scalar, secretRef])), template], message), evaluated: pairs }
}

const secretRef: ZodType<SecretRef> = z.object({ $secret: z.string(), prefix: z.string().exactOptional() })

function presentTexts(
  pairs: Record<string, string | number | boolean | SecretRef | null>,
): Record<string, string | SecretRef> {
  const texts: [string, string | SecretRef][] = []
  for (const [name, value] of Object.entries(pairs)) {
    if (value !== null) texts.push([name, typeof value === 'object' ? value : String(value)])
  }
  return Object.fromEntries(texts)
}

/** A duration such as `30s`; evaluated to milliseconds. A template may give the milliseconds themselves. */
export function duration(): Setting<string, number> {
  const message = 'must be a duration such as 500ms, 30s, 10m, 2h or 7d'
  const isDuration = (value: string): boolean => value.includes('{{') || parseDuration(value) !== undefined
  const evaluated = z.union([z.number(message).min(0), z.string(message)], message).transform((value, context) => {
    const ms = typeof value === 'number' ? value : parseDuration(value)
    if (ms === undefined) context.addIssue({ code: 'custom', message })
    return ms ?? z.NEVER
  })
  return { written: z.string(message).refine(isDuration, message), evaluated }
}

/** The setting may be absent; null, once evaluated, is absence. */
export function optional<W, E>(setting: Setting<W, E>): Setting<W | undefined, E | undefined> {
  return {
    written: setting.written.optional(),
    evaluated: z.preprocess(nullAsAbsent, setting.evaluated.optional()).optional(),
  }
}

/** The setting has this value where it is absent. */
export function withDefault<W, E>(setting: Setting<W, E>, value: NonNullable<W>): Setting<W, E> {
  const fill = (given: unknown): unknown => given ?? value
  return { written: setting.written.default(value as never), evaluated: z.preprocess(fill, setting.evaluated) }
}

function nullAsAbsent(value: unknown): unknown {
  return value ?? undefined
}

type Written<Shape extends Record<string, Setting>> = { [K in keyof Shape]: Shape[K]['written'] }
type Evaluated<Shape extends Record<string, Setting>> = { [K in keyof Shape]: Shape[K]['evaluated'] }

/** Makes the two object schemas of a kind from one list of settings: `written` is the spec's `data`. */
export function defineSettings<const Shape extends Record<string, Setting>>(
  shape: Shape,
): { readonly written: ZodObject<Written<Shape>>; readonly evaluated: ZodObject<Evaluated<Shape>> } {
  const pick = (state: keyof Setting): Record<string, ZodType> =>
    Object.fromEntries(Object.entries(shape).map(([name, setting]) => [name, setting[state]]))
  return {
    written: z.object(pick('written')) as ZodObject<Written<Shape>>,
    evaluated: z.object(pick('evaluated')) as ZodObject<Evaluated<Shape>>,
  }
}

/**
 * Settings as a person is still writing them: each one that fits the kind is as its schema makes it, defaults included;
 * each that does not is as written.
 */
export function unfinishedSettings(schema: ZodType, written: Readonly<JsonObject>): Record<string, unknown> {
  const whole = schema.safeParse(written)
  if (whole.success && isRecord(whole.data)) return whole.data
  const data: Record<string, unknown> = { ...written }
  if (!(schema instanceof z.ZodObject)) return data
  for (const [name, setting] of Object.entries(schema.shape)) {
    const parsed = z.safeParse(setting, written[name])
    if (parsed.success && parsed.data !== undefined) data[name] = parsed.data
  }
  return data
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** How a value is joined into text: objects and lists as JSON, null and undefined as nothing. EXECUTION.md 2.1. */
export function asText(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** JSON Schema of a setting as far as its written form tells: literals exactly, templates not at all. */
export function schemaOfWritten(value: Json | undefined): JsonSchema {
  if (value === undefined) return {}
  if (value === null) return { type: 'null' }
  if (typeof value === 'string')
    return value.includes('{{') && /^\{\{[\s\S]*\}\}$/.test(value.trim()) ? {} : { type: 'string' }
  if (Array.isArray(value)) return { type: 'array' }
  if (!isJsonObject(value)) return { type: typeof value === 'number' ? 'number' : 'boolean' }
  return objectSchema(Object.fromEntries(Object.entries(value).map(([name, part]) => [name, schemaOfWritten(part)])))
}

/** An object schema whose properties are all present. */
export function objectSchema(properties: Record<string, JsonSchema>): JsonSchema {
  return { type: 'object', properties, required: Object.keys(properties) }
}
