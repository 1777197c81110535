import { defineKind } from '../../model/nodeSpec.ts'
import { anyValue, asText, defineSettings, schemaOfWritten, text } from '../../model/settings.ts'
import { firstLine, withoutBraces } from '../../model/subtitle.ts'

export const settings = defineSettings({ name: text(), value: anyValue() })

/** Sets a variable that every later expression reads as `vars.<name>`. */
export const spec = defineKind({
  kind: 'set-variable',
  version: 1,
  palette: {
    label: 'Set variable',
    group: 'Data',
    icon: 'variable',
    summary: 'Keeps a value under a name, readable as vars.name from here on.',
    keywords: ['variable', 'assign', 'state', 'counter', 'remember', 'store'],
  },
  needs: [],
  idempotent: true,
  pure: true,
  ports: () => ({ inputs: [{ name: 'in' }], outputs: [{ name: 'out' }] }),
  fields: [
    {
      name: 'name',
      label: 'Name',
      editor: 'text',
      required: true,
      help: 'Expressions read it as vars.name.',
      placeholder: 'total',
    },
    { name: 'value', label: 'Value', editor: 'json', placeholder: '{{ (vars.total ?? 0) + prev.count }}' },
  ],
  data: settings.written,
  output: (data) => schemaOfWritten(data.value),
  subtitle: (data) => (data.name ? firstLine(`${data.name} = ${withoutBraces(asText(data.value))}`) : ''),
  standalone: ({ data }) => ({ output: data['value'], vars: { [String(data['name'])]: data['value'] } }),
  migrations: {},
})
