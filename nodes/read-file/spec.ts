import { defineKind } from '../../model/nodeSpec.ts'
import { choice, defineSettings, objectSchema, text, withDefault } from '../../model/settings.ts'
import { shortenPath } from '../../model/subtitle.ts'
import type { JsonSchema } from '../../model/json.ts'

export const settings = defineSettings({
  path: text(),
  as: withDefault(choice(['text', 'json', 'lines', 'base64', 'blob']), 'text'),
})

/** Reads one file of the workspace. */
export const spec = defineKind({
  kind: 'read-file',
  version: 1,
  palette: {
    label: 'Read file',
    group: 'Effects',
    icon: 'file-text',
    summary: 'Reads a file of the workspace.',
    keywords: ['file', 'open', 'load', 'read', 'json', 'text', 'disk'],
  },
  needs: ['files'],
  idempotent: true,
  ports: () => ({ inputs: [{ name: 'in' }], outputs: [{ name: 'out' }] }),
  fields: [
    {
      name: 'path',
      label: 'File',
      editor: 'path',
      required: true,
      help: 'Looked for in the workspace, then in the folder of this flow.',
      placeholder: 'data/orders.csv',
    },
    {
      name: 'as',
      label: 'Read as',
      editor: 'select',
      options: [
        { value: 'text', label: 'Text' },
        { value: 'json', label: 'JSON' },
        { value: 'lines', label: 'List of lines' },
        { value: 'base64', label: 'Base64' },
        { value: 'blob', label: 'File (kept as a blob)' },
      ],
    },
  ],
  data: settings.written,
  output: (data) =>
    objectSchema({ path: { type: 'string' }, content: contentSchema(data.as), size: { type: 'integer' } }),
  subtitle: (data) => shortenPath(data.path ?? ''),
  migrations: {},
})

function contentSchema(as: unknown): JsonSchema {
  if (as === 'json') return {}
  if (as === 'lines') return { type: 'array', items: { type: 'string' } }
  if (as === 'blob')
    return objectSchema({ $blob: { type: 'string' }, mime: { type: 'string' }, size: { type: 'integer' } })
  return { type: 'string' }
}
