import { defineKind } from '../../model/nodeSpec.ts'
import { defineSettings, objectSchema, text, withDefault } from '../../model/settings.ts'
import { shortenPath } from '../../model/subtitle.ts'

export const settings = defineSettings({
  dir: withDefault(text(), '.'),
  glob: withDefault(text(), '**/*'),
})

/** Lists files of a folder by a glob pattern. */
export const spec = defineKind({
  kind: 'list-files',
  version: 1,
  palette: {
    label: 'List files',
    group: 'Effects',
    icon: 'folder-search',
    summary: 'Lists the files of a folder that fit a pattern, sorted by path.',
    keywords: ['folder', 'directory', 'glob', 'find', 'files', 'ls', 'search'],
  },
  needs: ['files'],
  idempotent: true,
  ports: () => ({ inputs: [{ name: 'in' }], outputs: [{ name: 'out' }] }),
  fields: [
    {
      name: 'dir',
      label: 'Folder',
      editor: 'path',
      help: 'Looked for in the workspace, then in the folder of this flow.',
      placeholder: 'content',
    },
    {
      name: 'glob',
      label: 'Pattern',
      editor: 'text',
      help: '* within a folder, ** across folders, {a,b} for either.',
      placeholder: '**/*.md',
    },
  ],
  data: settings.written,
  output: () =>
    objectSchema({
      files: {
        type: 'array',
        items: objectSchema({
          path: { type: 'string' },
          name: { type: 'string' },
          size: { type: 'integer' },
          modifiedAt: { type: 'string' },
        }),
      },
    }),
  subtitle: (data) =>
    shortenPath(!data.dir || data.dir === '.' ? (data.glob ?? '') : `${data.dir}/${data.glob ?? '**/*'}`),
  migrations: {},
})
