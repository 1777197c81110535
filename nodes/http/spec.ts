import { defineKind } from '../../model/nodeSpec.ts'
import {
  anyValue,
  choice,
  defineSettings,
  flag,
  objectSchema,
  optional,
  text,
  textPairs,
  valuePairs,
  withDefault,
} from '../../model/settings.ts'
import { shortenUrl, subtitleLength } from '../../model/subtitle.ts'
import type { JsonSchema } from '../../model/json.ts'

export const settings = defineSettings({
  method: withDefault(text(), 'GET'),
  url: text(),
  query: withDefault(valuePairs(), {}),
  headers: withDefault(textPairs(), {}),
  body: optional(anyValue()),
  response: withDefault(choice(['auto', 'json', 'text', 'blob']), 'auto'),
  failOnStatus: withDefault(flag(), true),
})

/** Methods that may be repeated without doing more than once. EXECUTION.md 8.2. */
const idempotentMethods = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']

/** Sends one HTTP request. */
export const spec = defineKind({
  kind: 'http',
  version: 1,
  palette: {
    label: 'HTTP request',
    group: 'Effects',
    icon: 'globe',
    summary: 'Calls a web address and passes on the answer.',
    keywords: ['fetch', 'api', 'rest', 'request', 'url', 'get', 'post', 'webhook', 'curl', 'download'],
  },
  needs: ['http'],
  idempotent: (data) => idempotentMethods.includes(methodOf(data.method)),
  ports: () => ({ inputs: [{ name: 'in' }], outputs: [{ name: 'out' }] }),
  fields: [
    {
      name: 'method',
      label: 'Method',
      editor: 'select',
      options: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'].map((value) => ({ value, label: value })),
    },
    {
      name: 'url',
      label: 'URL',
      editor: 'text',
      required: true,
      placeholder: 'https://example.com/users/{{ input.id }}',
    },
    {
      name: 'query',
      label: 'Query',
      editor: 'pairs',
      help: 'Added to the URL, encoded. A list repeats the name; null leaves it out.',
    },
    {
      name: 'headers',
      label: 'Headers',
      editor: 'pairs',
      help: 'A secret stands here as a reference and is filled in when sending.',
    },
    {
      name: 'body',
      label: 'Body',
      editor: 'json',
      help: 'Text is sent as it is; objects and lists as JSON.',
      when: (data) => !['GET', 'HEAD'].includes(methodOf(data.method)),
    },
    {
      name: 'response',
      label: 'Read answer as',
      editor: 'select',
      options: [
        { value: 'auto', label: 'By its content type' },
        { value: 'json', label: 'JSON' },
        { value: 'text', label: 'Text' },
        { value: 'blob', label: 'File (kept as a blob)' },
      ],
      advanced: true,
    },
    {
      name: 'failOnStatus',
      label: 'Fail on status 400 and above',
      editor: 'boolean',
      help: 'The failure’s code is http-404 and the like. Off: the answer goes on whatever its status.',
      advanced: true,
    },
  ],
  data: settings.written,
  output: (data) =>
    objectSchema({ status: { type: 'integer' }, headers: headerSchema, body: bodySchema(data.response) }),
  subtitle: (data) => {
    const method = methodOf(data.method)
    return `${method} ${shortenUrl(data.url ?? '', subtitleLength - method.length - 1)}`.trim()
  },
  migrations: {},
})

const headerSchema: JsonSchema = { type: 'object', additionalProperties: { type: 'string' } }

function methodOf(method: unknown): string {
  return typeof method === 'string' ? method.trim().toUpperCase() : 'GET'
}

function bodySchema(response: unknown): JsonSchema {
  if (response === 'text') return { type: 'string' }
  if (response === 'blob')
    return objectSchema({ $blob: { type: 'string' }, mime: { type: 'string' }, size: { type: 'integer' } })
  return {}
}
