import { NodeFailure } from '../../model/failure.ts'
import type { Json } from '../../model/json.ts'
import type { HttpResponse } from '../../engine/sdk/services.ts'

/** How the answer's bytes become a value. */
export type ReadAs = 'auto' | 'json' | 'text' | 'blob'

const textTypes =
  /^(text\/|application\/(.*\+)?(xml|javascript|ecmascript|yaml|x-yaml|toml|x-www-form-urlencoded|x-ndjson|graphql|sql)\b|image\/svg)/
const jsonTypes = /^(application|text)\/(.+\+)?json\b/

/**
 * Reads an answer. `auto` goes by content type: JSON is parsed (and stays text where it is damaged), text is decoded
 * with its charset, everything else is kept as a blob; an answer without content type is text if it is valid UTF-8.
 * Fails as `http-bad-json` where JSON was asked for and did not come.
 */
export async function readAnswer(response: HttpResponse, as: ReadAs, url: string): Promise<Json> {
  const type = (response.headers['content-type'] ?? '').trim().toLowerCase()
  if (as === 'blob') return asBlob(response, type, url)
  if (as === 'text') return decode(response.body, type)
  if (as === 'json') return parseJson(decode(response.body, type), url)
  if (response.body.length === 0) return jsonTypes.test(type) ? null : ''
  if (jsonTypes.test(type)) return parsedOrText(decode(response.body, type))
  if (textTypes.test(type)) return decode(response.body, type)
  if (type !== '') return asBlob(response, type, url)
  return decodeStrictly(response.body) ?? (await asBlob(response, type, url))
}

async function asBlob(response: HttpResponse, type: string, url: string): Promise<Json> {
  const name = new URL(url).pathname.split('/').at(-1)
  const mime = type === '' ? 'application/octet-stream' : (type.split(';')[0] ?? type)
  return { ...(await response.toBlob(mime, name === '' ? undefined : name)) }
}

function decode(bytes: Uint8Array, type: string): string {
  const charset = /charset="?([\w.:-]+)"?/.exec(type)?.[1] ?? 'utf-8'
  return decoderFor(charset).decode(bytes)
}

function decoderFor(charset: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(charset)
  } catch (error) {
    // An unknown charset label is the server's mistake; UTF-8 is by far its likeliest meaning.
    if (error instanceof RangeError) return new TextDecoder()
    throw error
  }
}

function decodeStrictly(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

function parseJson(text: string, url: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch (cause) {
    throw new NodeFailure(
      'http-bad-json',
      `The answer of ${url} is not JSON. Read it as text, or by its content type.`,
      {
        details: { body: text.slice(0, 1000) },
        cause,
      },
    )
  }
}

function parsedOrText(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch (error) {
    if (error instanceof SyntaxError) return text
    throw error
  }
}
