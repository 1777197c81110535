import { z } from 'zod'
import { defineKind } from '../../model/nodeSpec.ts'
import { defineSettings, flag, withDefault } from '../../model/settings.ts'
import { firstLine } from '../../model/subtitle.ts'

/** The source is JavaScript as typed, never a template. */
const source = {
  written: z.string('must be the body of a JavaScript function'),
  evaluated: z.string('must be the body of a JavaScript function'),
}

export const settings = defineSettings({ source, idempotent: withDefault(flag(), true) })

/** Runs JavaScript in the sandbox, over the scope of EXECUTION.md 2.2. */
export const spec = defineKind({
  kind: 'code',
  version: 1,
  palette: {
    label: 'Code',
    group: 'Data',
    icon: 'square-code',
    summary: 'Runs JavaScript in a sandbox and passes on what it returns.',
    keywords: ['javascript', 'function', 'script', 'transform', 'js'],
  },
  needs: ['sandbox'],
  idempotent: (data) => data.idempotent !== false,
  ports: () => ({ inputs: [{ name: 'in' }], outputs: [{ name: 'out' }] }),
  fields: [
    {
      name: 'source',
      label: 'Source',
      editor: 'code',
      required: true,
      help: 'The body of a function. It sees input, nodes, prev, item, index, vars, run, env and now.',
      placeholder: 'return prev.items.filter((item) => item.done)',
    },
    {
      name: 'idempotent',
      label: 'Safe to repeat',
      editor: 'boolean',
      advanced: true,
      help: 'Off: after a crash a person decides whether it runs again.',
    },
  ],
  verbatim: ['source'],
  data: settings.written,
  output: () => ({}),
  subtitle: (data) => firstLine(data.source),
  standalone: ({ data, scope }) => ({ output: (data['source'] as (scope: unknown) => unknown)(scope) }),
  migrations: {},
})
