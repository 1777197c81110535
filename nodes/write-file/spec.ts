import { defineKind } from '../../model/nodeSpec.ts'
import { anyValue, choice, defineSettings, objectSchema, text, withDefault } from '../../model/settings.ts'
import { shortenPath } from '../../model/subtitle.ts'

export const settings = defineSettings({
  path: text(),
  content: anyValue(),
  mode: withDefault(choice(['create', 'overwrite', 'append']), 'overwrite'),
  encoding: withDefault(choice(['text', 'base64']), 'text'),
})

/** Writes one file of the workspace. */
export const spec = defineKind({
  kind: 'write-file',
  version: 1,
  palette: {
    label: 'Write file',
    group: 'Effects',
    icon: 'file-pen-line',
    summary: 'Writes a file of the workspace.',
    keywords: ['file', 'save', 'write', 'append', 'store', 'export', 'disk'],
  },
  needs: ['files'],
  idempotent: (data) => data.mode === undefined || data.mode === 'overwrite',
  ports: () => ({ inputs: [{ name: 'in' }], outputs: [{ name: 'out' }] }),
  fields: [
    {
      name: 'path',
      label: 'File',
      editor: 'path',
      required: true,
      help: 'Inside the workspace; missing folders are made.',
      placeholder: 'out/report.md',
    },
    {
      name: 'content',
      label: 'Content',
      editor: 'multiline',
      help: 'Text is written as it is; objects and lists as JSON.',
      placeholder: '{{ prev.text }}',
    },
    {
      name: 'mode',
      label: 'Mode',
      editor: 'select',
      options: [
        { value: 'overwrite', label: 'Replace the file' },
        { value: 'create', label: 'Create, fail if it exists' },
        { value: 'append', label: 'Append to the file' },
      ],
    },
    {
      name: 'encoding',
      label: 'Content is',
      editor: 'select',
      options: [
        { value: 'text', label: 'Text (UTF-8)' },
        { value: 'base64', label: 'Base64 of bytes' },
      ],
      advanced: true,
    },
  ],
  data: settings.written,
  output: () => objectSchema({ path: { type: 'string' }, size: { type: 'integer' } }),
  subtitle: (data) => shortenPath(data.path ?? ''),
  migrations: {},
})
