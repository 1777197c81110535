import { defineKind } from '../../model/nodeSpec.ts'
import { anyValue, asText, defineSettings } from '../../model/settings.ts'
import { firstLine, withoutBraces } from '../../model/subtitle.ts'

export const settings = defineSettings({ condition: anyValue() })

/** Chooses between two ports; what came in goes on. */
export const spec = defineKind({
  kind: 'if',
  version: 1,
  palette: {
    label: 'If',
    group: 'Control',
    icon: 'split',
    summary: 'Goes one of two ways, by a condition.',
    keywords: ['branch', 'condition', 'decide', 'else', 'boolean', 'filter'],
  },
  needs: [],
  idempotent: true,
  pure: true,
  role: { type: 'decision' },
  ports: () => ({ inputs: [{ name: 'in' }], outputs: [{ name: 'true' }, { name: 'false' }] }),
  fields: [
    {
      name: 'condition',
      label: 'Condition',
      editor: 'expression',
      required: true,
      help: 'One expression. Truth is JavaScript’s: 0, an empty text, null and false are false.',
      placeholder: '{{ prev.status === 200 }}',
    },
  ],
  expressions: ['condition'],
  data: settings.written,
  output: () => ({}),
  subtitle: (data) => firstLine(withoutBraces(asText(data.condition))),
  standalone: ({ data, prev }) => ({ port: data['condition'] ? 'true' : 'false', output: prev }),
  migrations: {},
})
