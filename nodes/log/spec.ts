import { defineKind } from '../../model/nodeSpec.ts'
import { asText, choice, defineSettings, freeText, withDefault } from '../../model/settings.ts'
import { firstLine } from '../../model/subtitle.ts'

export const settings = defineSettings({
  message: freeText(),
  level: withDefault(choice(['debug', 'info', 'warn', 'error']), 'info'),
})

/** Writes a line to the run's log. */
export const spec = defineKind({
  kind: 'log',
  version: 1,
  palette: {
    label: 'Log',
    group: 'Data',
    icon: 'scroll-text',
    summary: 'Writes a line to the run’s log.',
    keywords: ['print', 'debug', 'console', 'message', 'trace'],
  },
  needs: [],
  idempotent: true,
  pure: true,
  ports: () => ({ inputs: [{ name: 'in' }], outputs: [{ name: 'out' }] }),
  fields: [
    {
      name: 'message',
      label: 'Message',
      editor: 'multiline',
      required: true,
      placeholder: 'Fetched {{ prev.items.length }} items',
    },
    {
      name: 'level',
      label: 'Level',
      editor: 'select',
      options: [
        { value: 'debug', label: 'Debug' },
        { value: 'info', label: 'Info' },
        { value: 'warn', label: 'Warning' },
        { value: 'error', label: 'Error' },
      ],
    },
  ],
  data: settings.written,
  output: () => ({ type: 'string' }),
  subtitle: (data) => firstLine(asText(data.message)),
  standalone: ({ data }) => ({ output: data['message'] }),
  migrations: {},
})
