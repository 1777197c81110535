import { z } from 'zod'
import { defineKind } from '../../model/nodeSpec.ts'
import {
  anyJson,
  asText,
  defineSettings,
  freeText,
  jsonSchema,
  numeric,
  objectSchema,
  optional,
  template,
  text,
} from '../../model/settings.ts'
import { isJsonObject } from '../../model/json.ts'
import type { JsonSchema } from '../../model/json.ts'
import { firstLine, shortenMiddle } from '../../model/subtitle.ts'

const messagesShape = 'must be a list of messages {role, content} with role system, user or assistant'
const role = z.enum(['system', 'user', 'assistant'], messagesShape)
const messages = {
  written: z.union(
    [z.array(z.union([z.object({ role: z.union([role, template]), content: anyJson }), template])), template],
    messagesShape,
  ),
  evaluated: z.array(
    z.object({ role, content: z.unknown().transform((value) => asText(anyJson.parse(value))) }),
    messagesShape,
  ),
}

export const settings = defineSettings({
  model: optional(text()),
  system: optional(freeText()),
  prompt: optional(freeText()),
  messages: optional(messages),
  temperature: optional(numeric({ min: 0, max: 2 })),
  maxTokens: optional(numeric({ min: 1, integer: true })),
  schema: optional(jsonSchema()),
})

const data = settings.written.superRefine((value, context) => {
  const asks = asText(value.prompt).trim() !== '' || (value.messages !== undefined && value.messages.length > 0)
  if (!asks)
    context.addIssue({
      code: 'invalid_type',
      expected: 'string',
      path: ['prompt'],
      message: 'is empty: write a prompt, or give messages',
      input: undefined,
    })
})

/** Asks a language model once. */
export const spec = defineKind({
  kind: 'llm',
  version: 1,
  palette: {
    label: 'Ask a model',
    group: 'Agents',
    icon: 'sparkles',
    summary: 'Sends a prompt to a language model, as text or as data by a schema.',
    keywords: ['llm', 'gpt', 'ai', 'prompt', 'chat', 'openai', 'ollama', 'claude', 'generate', 'extract', 'summarize'],
  },
  needs: ['model'],
  idempotent: true,
  ports: () => ({
    inputs: [{ name: 'in' }],
    outputs: [{ name: 'out' }],
    supplies: [{ name: 'model', label: 'Model' }],
  }),
  fields: [
    {
      name: 'model',
      label: 'Model',
      editor: 'model',
      help: 'provider/model. The workspace’s default model unless set.',
      placeholder: 'openai/gpt-5-mini',
    },
    {
      name: 'system',
      label: 'Instructions',
      editor: 'multiline',
      help: 'Who the model is and what holds for every answer.',
      placeholder: 'You are a careful editor.',
    },
    {
      name: 'prompt',
      label: 'Prompt',
      editor: 'multiline',
      required: true,
      placeholder: 'Summarize in three sentences:\n\n{{ prev.body }}',
      when: (value) => value.messages === undefined,
    },
    {
      name: 'schema',
      label: 'Answer schema',
      editor: 'schema',
      help: 'The answer is then data that fits, read as output.object.',
      advanced: true,
    },
    {
      name: 'temperature',
      label: 'Temperature',
      editor: 'number',
      help: '0 repeats itself, 2 is wild. The model’s own default unless set.',
      advanced: true,
    },
    { name: 'maxTokens', label: 'Longest answer', editor: 'number', unit: 'tokens', advanced: true },
    {
      name: 'messages',
      label: 'Earlier messages',
      editor: 'json',
      help: 'A list of {role, content} that comes before the prompt.',
      placeholder: '[{"role": "user", "content": "Hello"}]',
      advanced: true,
    },
  ],
  data,
  output: (value) =>
    objectSchema({
      text: { type: 'string' },
      object: answerSchema(value.schema),
      usage: objectSchema({ inputTokens: { type: 'integer' }, outputTokens: { type: 'integer' } }),
      model: { type: 'string' },
      finishReason: { type: 'string' },
    }),
  subtitle: (value) => (value.model ? shortenMiddle(value.model) : firstLine(asText(value.prompt))),
  migrations: {},
})

function answerSchema(schema: unknown): JsonSchema {
  return isJsonObject(schema) ? schema : { type: 'null' }
}
