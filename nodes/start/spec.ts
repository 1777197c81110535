import { defineSettings } from '../../model/settings.ts'
import { defineKind } from '../../model/nodeSpec.ts'

export const settings = defineSettings({})

/** Where a run's token enters. Its output is the run's input. */
export const spec = defineKind({
  kind: 'start',
  version: 1,
  palette: {
    label: 'Start',
    group: 'Control',
    icon: 'play',
    summary: 'Begins with the run’s input.',
    keywords: ['begin', 'entry', 'input', 'trigger', 'manual'],
  },
  needs: [],
  idempotent: true,
  pure: true,
  role: { type: 'start' },
  ports: () => ({ inputs: [], outputs: [{ name: 'out' }] }),
  fields: [],
  data: settings.written,
  output: () => ({ type: 'object' }),
  standalone: ({ prev }) => ({ output: prev }),
  migrations: {},
})
