import { z } from 'zod'
import './jitless.ts'
import type { RunEvent } from './events.ts'
import type { Json } from './json.ts'
import { scanJson } from './jsonScan.ts'

/**
 * The shape of events in run files, which strangers may have written. Unknown fields pass; events of unknown types are
 * kept out, since nothing can be said of them. EXECUTION.md 11.2.
 */

const json = z.custom<Json>((value) => value !== undefined)
const path = z.string().min(1).max(1000)
const time = z
  .string()
  .max(40)
  .refine((text) => !Number.isNaN(Date.parse(text)), 'a time in ISO 8601')
const base = { runId: z.string().max(200), seq: z.int().min(1), at: time }
const place = { ...base, node: path, visit: z.int().min(0) }
const usage = z.looseObject({ inputTokens: z.number(), outputTokens: z.number(), cost: z.number().exactOptional() })
const failure = z.looseObject({ code: z.string(), message: z.string(), retryable: z.boolean() })
const call = z.union([
  z.looseObject({ type: z.literal('model'), model: z.string(), turn: z.number() }),
  z.looseObject({ type: z.literal('tool'), tool: z.string(), turn: z.number(), callId: z.string() }),
])

const eventSchema = z.discriminatedUnion('type', [
  z.looseObject({
    ...base,
    type: z.literal('run.started'),
    flow: z.string(),
    name: z.string(),
    flowHash: z.string(),
    machine: z.string(),
    input: json,
  }),
  z.looseObject({ ...base, type: z.literal('run.finished'), output: json }),
  z.looseObject({ ...base, type: z.literal('run.failed'), error: failure }),
  z.looseObject({ ...base, type: z.literal('run.cancelled'), reason: z.string().exactOptional() }),
  z.looseObject({ ...base, type: z.literal('run.waiting'), on: z.array(z.string()) }),
  z.looseObject({ ...base, type: z.literal('run.repaired'), machine: z.string() }),
  z.looseObject({ ...place, type: z.literal('node.started'), call: call.exactOptional() }),
  z.looseObject({
    ...place,
    type: z.literal('node.finished'),
    port: z.string(),
    output: json,
    usage: usage.exactOptional(),
    vars: z.looseObject({}).exactOptional(),
  }),
  z.looseObject({ ...place, type: z.literal('node.failed'), error: failure, port: z.string().exactOptional() }),
  z.looseObject({ ...place, type: z.literal('node.retrying'), error: failure, attempt: z.number(), resumeAt: time }),
  z.looseObject({ ...place, type: z.literal('node.skipped') }),
  z.looseObject({ ...place, type: z.literal('node.cancelled') }),
  z.looseObject({
    ...place,
    type: z.literal('node.waiting'),
    reason: z.enum(['timer', 'signal', 'approval']),
    until: time.exactOptional(),
  }),
  z.looseObject({ ...place, type: z.literal('node.unknown'), key: z.string() }),
  z.looseObject({
    ...place,
    type: z.literal('effect.intended'),
    key: z.string(),
    attempt: z.number(),
    idempotent: z.boolean(),
  }),
  z.looseObject({ ...place, type: z.literal('timer.set'), timer: z.string(), fireAt: time }),
  z.looseObject({ ...place, type: z.literal('timer.fired'), timer: z.string() }),
  z.looseObject({ ...base, type: z.literal('signal.received'), name: z.string(), payload: json }),
  z.looseObject({
    ...place,
    type: z.literal('log'),
    level: z.enum(['debug', 'info', 'warn', 'error']),
    message: z.string(),
  }),
])

export interface ParsedEvents {
  readonly events: readonly RunEvent[]
  /** Lines that hold no event of a known type, with the reason. */
  readonly problems: readonly { readonly line: number; readonly message: string }[]
}

const maxDepth = 200

/** Reads a run file: one event per line, as `switchyard run --events` writes them. Never throws. */
export function parseEvents(text: string): ParsedEvents {
  const events: RunEvent[] = []
  const problems: { line: number; message: string }[] = []
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '') return
    const parsed = parseEventLine(line)
    if ('event' in parsed) events.push(parsed.event)
    else problems.push({ line: index + 1, message: parsed.problem })
  })
  return { events, problems }
}

function parseEventLine(line: string): { event: RunEvent } | { problem: string } {
  const [damage] = scanJson(line, { maxDepth })
  if (damage) return { problem: damage.message }
  const raw: unknown = JSON.parse(line)
  const parsed = eventSchema.safeParse(raw)
  if (!parsed.success) return { problem: z.prettifyError(parsed.error) }
  // The schema asks for what the type has; what it leaves open is kept as it was written.
  return { event: raw as RunEvent }
}
