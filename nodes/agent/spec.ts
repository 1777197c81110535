import { defineKind } from '../../model/nodeSpec.ts'
import {
  asText,
  defineSettings,
  freeText,
  jsonSchema,
  numeric,
  objectSchema,
  optional,
  text,
  withDefault,
} from '../../model/settings.ts'
import { isJsonObject } from '../../model/json.ts'
import { firstLine, shortenMiddle } from '../../model/subtitle.ts'

export const settings = defineSettings({
  model: optional(text()),
  instructions: optional(freeText()),
  input: withDefault(freeText(), '{{ prev }}'),
  maxTurns: withDefault(numeric({ min: 1, max: 1000, integer: true }), 12),
  temperature: optional(numeric({ min: 0, max: 2 })),
  maxTokens: optional(numeric({ min: 1, integer: true })),
  schema: optional(jsonSchema()),
})

/** Lets a model work on a task in turns, with the nodes wired to its `tools` port. EXECUTION.md 6.3. */
export const spec = defineKind({
  kind: 'agent',
  version: 1,
  palette: {
    label: 'Agent',
    group: 'Agents',
    icon: 'bot',
    summary: 'A model that works in turns and calls the tools wired to it.',
    keywords: ['agent', 'tools', 'ai', 'llm', 'react', 'assistant', 'function calling', 'autonomous'],
  },
  needs: ['model', 'tools'],
  // Its calls are journaled one by one, so it may run again from its beginning: what is recorded is not repeated.
  idempotent: true,
  role: { type: 'agent' },
  ports: () => ({
    inputs: [{ name: 'in' }],
    outputs: [{ name: 'out' }],
    supplies: [
      { name: 'model', label: 'Model' },
      { name: 'tools', label: 'Tools' },
      { name: 'memory', label: 'Memory' },
      { name: 'knowledge', label: 'Knowledge' },
    ],
  }),
  fields: [
    {
      name: 'model',
      label: 'Model',
      editor: 'model',
      help: 'provider/model, one that can call tools. The workspace’s default model unless set.',
      placeholder: 'openai/gpt-5-mini',
    },
    {
      name: 'instructions',
      label: 'Instructions',
      editor: 'multiline',
      help: 'What it is for, and the rules it keeps.',
      placeholder: 'You check websites. Use the tools; never guess.',
    },
    {
      name: 'input',
      label: 'Task',
      editor: 'multiline',
      help: 'What to do now. What came in, unless set.',
      placeholder: 'Check {{ input.url }} and report broken links.',
    },
    {
      name: 'maxTurns',
      label: 'At most',
      editor: 'number',
      unit: 'turns',
      help: 'One answer of the model is a turn. Passing it fails the node as agent-max-turns.',
    },
    {
      name: 'schema',
      label: 'Answer schema',
      editor: 'schema',
      help: 'The final answer is then data that fits, read as output.object.',
      advanced: true,
    },
    { name: 'temperature', label: 'Temperature', editor: 'number', advanced: true },
    { name: 'maxTokens', label: 'Longest answer', editor: 'number', unit: 'tokens', help: 'Per turn.', advanced: true },
  ],
  data: settings.written,
  output: (data) =>
    objectSchema({
      text: { type: 'string' },
      object: isJsonObject(data.schema) ? data.schema : { type: 'null' },
      turns: { type: 'integer' },
      usage: objectSchema({ inputTokens: { type: 'integer' }, outputTokens: { type: 'integer' } }),
    }),
  subtitle: (data) => (data.model ? shortenMiddle(data.model) : firstLine(asText(data.instructions))),
  migrations: {},
})
