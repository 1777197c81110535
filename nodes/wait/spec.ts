import { z } from 'zod'
import { defineKind } from '../../model/nodeSpec.ts'
import { defineSettings, duration, objectSchema, optional } from '../../model/settings.ts'
import { shortenMiddle } from '../../model/subtitle.ts'

const timeMessage = 'must be a point in time such as 2027-01-31T09:00:00Z, or milliseconds since 1970'
const time = {
  written: z
    .union([z.string(), z.number()], timeMessage)
    .refine((value) => isTemplate(value) || !Number.isNaN(timeMs(value)), timeMessage),
  evaluated: z.union([z.string(), z.number()], timeMessage).transform((value, context) => {
    const ms = timeMs(value)
    if (Number.isNaN(ms)) context.addIssue({ code: 'custom', message: timeMessage })
    return ms
  }),
}

/** `for` evaluates to milliseconds, `until` to milliseconds since 1970. */
export const settings = defineSettings({ for: optional(duration()), until: optional(time) })

const data = settings.written.superRefine((value, context) => {
  if (value.for === undefined && value.until === undefined) {
    context.addIssue({ code: 'custom', path: ['for'], message: 'needs a duration, or "until" a point in time' })
  } else if (value.for !== undefined && value.until !== undefined) {
    context.addIssue({ code: 'custom', path: ['until'], message: 'excludes "for": keep one of the two' })
  }
})

/** Parks the run on a durable timer. EXECUTION.md 7.1. */
export const spec = defineKind({
  kind: 'wait',
  version: 1,
  palette: {
    label: 'Wait',
    group: 'Control',
    icon: 'timer',
    summary: 'Waits for a while, or until a point in time, across restarts.',
    keywords: ['delay', 'sleep', 'pause', 'timer', 'schedule', 'until'],
  },
  needs: [],
  idempotent: true,
  role: { type: 'wait' },
  ports: () => ({ inputs: [{ name: 'in' }], outputs: [{ name: 'out' }] }),
  fields: [
    {
      name: 'for',
      label: 'For',
      editor: 'duration',
      help: 'A duration: 500ms, 30s, 10m, 2h, 7d.',
      placeholder: '30s',
      when: (value) => value.until === undefined,
    },
    {
      name: 'until',
      label: 'Until',
      editor: 'text',
      help: 'A point in time; one that has passed does not wait.',
      placeholder: '2027-01-31T09:00:00Z',
      when: (value) => value.for === undefined,
    },
  ],
  data,
  output: () => objectSchema({ waitedMs: { type: 'number' } }),
  subtitle: (value) => shortenMiddle(value.until === undefined ? (value.for ?? '') : `until ${value.until}`),
  migrations: {},
})

function isTemplate(value: unknown): boolean {
  return typeof value === 'string' && value.includes('{{')
}

function timeMs(value: string | number): number {
  return typeof value === 'number' ? value : Date.parse(value)
}
