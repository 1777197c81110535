import { z } from 'zod'
import { defineKind } from '../../model/nodeSpec.ts'
import type { Port } from '../../model/nodeSpec.ts'
import { anyJson, anyValue, asText, defineSettings, optional, withDefault } from '../../model/settings.ts'
import { firstLine, withoutBraces } from '../../model/subtitle.ts'
import type { Json } from '../../model/json.ts'

/** The port taken where no case fits. */
export const defaultPort = 'default'

const portName = z
  .string('must be a port name')
  .regex(/^[A-Za-z0-9_-]+$/, 'must be a port name of letters, digits, - and _')

/** A case fits where `value` equals `equals` as JSON, or where `when` is true. */
const switchCase = z.object({ port: portName, equals: anyJson.optional(), when: anyJson.optional() })
const cases = z.array(switchCase, 'must be a list of cases').superRefine((list, context) => {
  for (const [index, entry] of list.entries()) {
    if ('equals' in entry === 'when' in entry) {
      context.addIssue({ code: 'custom', path: [index], message: 'needs either "equals" or "when"' })
    }
  }
})

export const settings = defineSettings({
  value: optional(anyValue()),
  cases: withDefault({ written: cases, evaluated: cases }, []),
})

/** Chooses the port of the first case that fits; what came in goes on. */
export const spec = defineKind({
  kind: 'switch',
  version: 1,
  palette: {
    label: 'Switch',
    group: 'Control',
    icon: 'waypoints',
    summary: 'Goes one of many ways, by a value or by conditions.',
    keywords: ['branch', 'case', 'route', 'router', 'match', 'decide'],
  },
  needs: [],
  idempotent: true,
  pure: true,
  role: { type: 'decision' },
  ports: (data) => ({ inputs: [{ name: 'in' }], outputs: casePorts(data.cases) }),
  fields: [
    {
      name: 'value',
      label: 'Value',
      editor: 'json',
      help: 'Compared with each case’s “equals”. Cases with a condition do not need it.',
      placeholder: '{{ prev.type }}',
    },
    {
      name: 'cases',
      label: 'Cases',
      editor: 'cases',
      help: 'The first case that fits decides; else the port “default”.',
    },
  ],
  expressions: ['cases.*.when'],
  data: settings.written,
  output: () => ({}),
  subtitle: (data) => firstLine(withoutBraces(asText(data.value))),
  standalone: ({ data, prev }) => {
    const same = (a: unknown, b: unknown): boolean => {
      if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
      const keys = Object.keys(a)
      return (
        Array.isArray(a) === Array.isArray(b) &&
        keys.length === Object.keys(b).length &&
        keys.every((key) => Object.hasOwn(b, key) && same(Reflect.get(a, key), Reflect.get(b, key)))
      )
    }
    const cases = data['cases'] as { port: string; when?: unknown; equals?: unknown }[]
    const fitting = cases.find((entry) =>
      'when' in entry ? Boolean(entry.when) : same(entry.equals, data['value'] ?? null),
    )
    return { port: fitting?.port ?? 'default', output: prev }
  },
  migrations: {},
})

/** The cases' ports, each once, then the default. Cases still being typed may lack a port. */
function casePorts(list: unknown): Port[] {
  const named = (Array.isArray(list) ? list : []).flatMap((entry: { port?: Json } | null) =>
    typeof entry?.port === 'string' && entry.port !== '' ? [entry.port] : [],
  )
  return [...new Set([...named, defaultPort])].map((name) => ({ name }))
}
