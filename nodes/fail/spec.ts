import { defineKind } from '../../model/nodeSpec.ts'
import { defineSettings, freeText, text, withDefault } from '../../model/settings.ts'
import { firstLine } from '../../model/subtitle.ts'

export const settings = defineSettings({
  code: withDefault(text(), 'failed'),
  message: withDefault(freeText(), 'The flow ended with a failure.'),
})

/** Ends the run with a failure of the author's choosing; inside `try` it goes to `caught`. EXECUTION.md 6.1. */
export const spec = defineKind({
  kind: 'fail',
  version: 1,
  palette: {
    label: 'Fail',
    group: 'Control',
    icon: 'octagon-x',
    summary: 'Ends the run as failed, with a code and a message.',
    keywords: ['error', 'throw', 'raise', 'abort', 'stop'],
  },
  needs: [],
  idempotent: true,
  pure: true,
  role: { type: 'fail' },
  ports: () => ({ inputs: [{ name: 'in' }], outputs: [] }),
  fields: [
    {
      name: 'code',
      label: 'Code',
      editor: 'text',
      help: 'Short and stable, so that others can match it.',
      placeholder: 'no-results',
    },
    {
      name: 'message',
      label: 'Message',
      editor: 'multiline',
      help: 'What happened and what to do, in one sentence.',
      placeholder: 'Nothing was found for {{ input.topic }}.',
    },
  ],
  data: settings.written,
  output: () => ({}),
  subtitle: (data) => firstLine(data.code),
  standalone: ({ data }) => {
    throw Object.assign(new Error(String(data['message'])), { code: String(data['code']), retryable: false })
  },
  migrations: {},
})
