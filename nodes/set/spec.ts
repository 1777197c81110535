import { defineKind } from '../../model/nodeSpec.ts'
import { defineSettings, schemaOfWritten, valuePairs, withDefault } from '../../model/settings.ts'
import { isJsonObject } from '../../model/json.ts'
import { shortenMiddle } from '../../model/subtitle.ts'

export const settings = defineSettings({ values: withDefault(valuePairs(), {}) })

/** Builds an object from named values. */
export const spec = defineKind({
  kind: 'set',
  version: 1,
  palette: {
    label: 'Set values',
    group: 'Data',
    icon: 'braces',
    summary: 'Builds an object from values and expressions.',
    keywords: ['edit fields', 'transform', 'map', 'object', 'assign', 'template', 'pass'],
  },
  needs: [],
  idempotent: true,
  pure: true,
  ports: () => ({ inputs: [{ name: 'in' }], outputs: [{ name: 'out' }] }),
  fields: [
    {
      name: 'values',
      label: 'Values',
      editor: 'pairs',
      help: 'Each name becomes a property of the output.',
      placeholder: '{{ prev.title }}',
    },
  ],
  data: settings.written,
  output: (data) => (isJsonObject(data.values) ? schemaOfWritten(data.values) : { type: 'object' }),
  subtitle: (data) => (isJsonObject(data.values) ? shortenMiddle(Object.keys(data.values).join(', ')) : ''),
  standalone: ({ data }) => ({ output: data['values'] }),
  migrations: {},
})
