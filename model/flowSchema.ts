import { z } from 'zod'
import './jitless.ts'
import { flowFormat } from './document.ts'
import { durationPattern } from './duration.ts'
import { isJsonObject, type Json, type JsonObject } from './json.ts'

/**
 * The shape of a flow file: what it is parsed with, and what its JSON Schema is generated from. EXECUTION.md 1.
 * Every object is open, so that fields of later versions survive.
 */

const anyJson = z.custom<Json>((value) => value !== undefined).meta({ description: 'Any JSON value.' })
const jsonObject = z.custom<JsonObject>(isJsonObject, 'an object').meta({ type: 'object' })
const duration = z
  .string()
  .meta({ pattern: durationPattern.source, description: 'A duration: 500ms, 30s, 10m, 2h, 7d.' })
const coordinates = z.array(z.number())

/** The pattern of node ids: ASCII JavaScript identifiers. EXECUTION.md 1.1. */
export const nodeIdPattern = /^[A-Za-z_$][A-Za-z0-9_$]*$/

/** Whether a text may be the id of a node. */
export function isNodeId(text: string): boolean {
  return nodeIdPattern.test(text) && text !== '__proto__'
}

const retrySchema = z
  .object({
    max: z.int().meta({ minimum: 1, description: 'Attempts in all, the first included.' }),
    delay: duration.exactOptional(),
    factor: z.number().exactOptional(),
    maxDelay: duration.exactOptional(),
    jitter: z.number().meta({ minimum: 0, maximum: 1 }).exactOptional(),
    on: z
      .array(z.string())
      .meta({ description: 'Failure codes to retry; every retryable failure where absent.' })
      .exactOptional(),
  })
  .catchall(anyJson)

export const policySchema = z
  .object({
    retry: retrySchema.exactOptional(),
    timeout: duration.exactOptional(),
    each: z.object({ items: anyJson, concurrency: z.int().exactOptional() }).catchall(anyJson).exactOptional(),
    join: z.enum(['all', 'any']).exactOptional(),
    onError: z
      .union([z.enum(['stop', 'continue']), z.object({ continue: z.string() }).catchall(anyJson)])
      .meta({ description: 'What happens after the last attempt; {"continue": port} names the port to finish on.' })
      .exactOptional(),
    maxVisits: z.int().exactOptional(),
    idempotent: z.boolean().exactOptional(),
    compensate: z.string().meta({ description: 'Id of the node that undoes this one.' }).exactOptional(),
    cache: duration.exactOptional(),
  })
  .catchall(anyJson)

export const nodeSchema = z
  .object({
    kind: z.string().min(1),
    version: z.int().min(1).meta({ description: "Version of the kind's data." }).exactOptional(),
    label: z.string().exactOptional(),
    parent: z.string().meta({ description: 'Id of the container the node lies in.' }).exactOptional(),
    disabled: z.union([z.boolean(), z.object({ port: z.string() }).catchall(anyJson)]).exactOptional(),
    params: jsonObject.meta({ description: 'JSON Schema of what a model may fill in.' }).exactOptional(),
    data: jsonObject.meta({ description: "The kind's settings; any text may hold {{ expressions }}." }).exactOptional(),
    policy: policySchema.exactOptional(),
  })
  .catchall(anyJson)

const noteSchema = z.object({ text: z.string(), at: coordinates, color: z.string().exactOptional() }).catchall(anyJson)

export const layoutSchema = z
  .object({
    nodes: z.record(z.string(), coordinates).exactOptional(),
    notes: z.record(z.string(), noteSchema).exactOptional(),
  })
  .catchall(anyJson)

/** Everything of the file but its nodes and edges, which are parsed one by one to say where a problem lies. */
export const flowHeadSchema = z
  .object({
    format: z.literal(flowFormat),
    name: z.string().exactOptional(),
    description: z.string().exactOptional(),
    inputs: jsonObject.meta({ description: "JSON Schema of the run's input." }).exactOptional(),
    concurrency: z.int().min(1).meta({ default: 16 }).exactOptional(),
    env: z.array(z.string()).meta({ description: 'Environment variables that expressions may read.' }).exactOptional(),
    pins: jsonObject.meta({ description: 'Outputs to use instead of running a node.' }).exactOptional(),
    nodes: jsonObject,
    edges: z.array(anyJson).exactOptional(),
    layout: layoutSchema.exactOptional(),
  })
  .catchall(anyJson)

const edgeText = z.string().meta({
  pattern: String.raw`^\s*[A-Za-z_$][A-Za-z0-9_$]*(:[A-Za-z0-9_-]+)?\s*->\s*[A-Za-z_$][A-Za-z0-9_$]*(:[A-Za-z0-9_-]+)?\s*$`,
})

/** The whole file, for the generated JSON Schema. */
export const flowFileSchema = flowHeadSchema.extend({
  nodes: z.record(z.string().regex(nodeIdPattern), nodeSchema),
  edges: z.array(edgeText).exactOptional(),
})

/** The JSON Schema of `*.flow.json`, draft 2020-12. `model/flow.schema.json` holds it as a file. */
export function flowJsonSchema(): JsonObject {
  const schema = z.toJSONSchema(flowFileSchema, { unrepresentable: 'any', io: 'input' })
  return { title: 'Switchyard flow', ...(JSON.parse(JSON.stringify(schema)) as JsonObject) }
}
