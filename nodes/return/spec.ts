import { defineKind } from '../../model/nodeSpec.ts'
import { anyJson, anyValue, asText, defineSettings, schemaOfWritten, withDefault } from '../../model/settings.ts'
import { firstLine } from '../../model/subtitle.ts'

/** Null is a value here like any other. */
export const settings = defineSettings({
  value: { written: withDefault(anyValue(), '{{ prev }}').written, evaluated: anyJson },
})

/** Sets the result of its scope and ends it. EXECUTION.md 6.1. */
export const spec = defineKind({
  kind: 'return',
  version: 1,
  palette: {
    label: 'Return',
    group: 'Control',
    icon: 'corner-down-left',
    summary: 'Ends the flow, or the body it stands in, with a value.',
    keywords: ['end', 'stop', 'result', 'output', 'finish', 'respond'],
  },
  needs: [],
  idempotent: true,
  pure: true,
  role: { type: 'return' },
  ports: () => ({ inputs: [{ name: 'in' }], outputs: [] }),
  fields: [
    {
      name: 'value',
      label: 'Value',
      editor: 'json',
      help: 'The result. What came in, unless set.',
      placeholder: '{{ nodes.fetch.output.body }}',
    },
  ],
  data: settings.written,
  output: (data) => schemaOfWritten(data.value),
  subtitle: (data) => firstLine(asText(data.value)),
  standalone: ({ data }) => ({ output: data['value'] }),
  migrations: {},
})
