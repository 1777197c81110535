import type { Readable, Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'
import { request as send, type Dispatcher } from 'undici'
import { NodeFailure } from '../../model/failure.ts'
import { secretNames } from '../../model/secretRef.ts'
import type { HttpRequest, HttpResponse, HttpService } from '../sdk/services.ts'
import { type BlobPort, keepBlob, readBlob } from './blobPort.ts'
import {
  type ConnectionRules,
  type HttpConnections,
  refusalBehindProxy,
  withoutProxyOnThisMachine,
} from './httpConnections.ts'
import { httpFailure } from './httpFailure.ts'
import { EffectSecrets, type SecretReader } from './secretReader.ts'

export interface HttpServiceOptions {
  readonly connections: HttpConnections
  /** Asked at every request: settings may change while a run goes on. */
  readonly rules: () => Promise<ConnectionRules>
  readonly secrets: SecretReader
  readonly blobs: BlobPort
  /** Bytes of an answer's body, decompressed; {@link defaultMaxBody} where absent. */
  readonly maxBodyBytes?: number
}

export const defaultMaxBody = 64 * 1024 * 1024
const maxRedirects = 10

/** One request on its way: what goes over the wire at this hop. */
interface Hop {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | undefined
  /** Whether a secret stands in the body. */
  readonly isBodySecret: boolean
}

/** HTTP by undici. Redirects are followed here rather than by undici, so that each hop is judged and secrets stay behind. */
export function createHttpService(options: HttpServiceOptions): HttpService {
  return {
    async request(request, signal) {
      signal.throwIfAborted()
      const url = parseUrl(request.url)
      const secrets = new EffectSecrets(options.secrets, url.host)
      const rules = await options.rules()
      const first = await firstHop(request, url, secrets, options.blobs)
      try {
        const { answer, at } = await follow(first, secretHeaders(request), {
          rules,
          connections: options.connections,
          signal,
        })
        const body = await readBody(answer, at.method, options.maxBodyBytes ?? defaultMaxBody)
        return toResponse(answer, secrets.redactor.bytes(body), secrets, options.blobs)
      } catch (error) {
        signal.throwIfAborted()
        throw httpFailure(error, url, secrets.redactor)
      }
    },
  }
}

function parseUrl(text: string): URL {
  const url = URL.parse(text.trim())
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new NodeFailure(
      'http-bad-url',
      `"${text.slice(0, 200)}" is no web address. It starts with http:// or https://.`,
    )
  }
  return url
}

async function firstHop(request: HttpRequest, target: URL, secrets: EffectSecrets, blobs: BlobPort): Promise<Hop> {
  const url = new URL(target)
  for (const [name, value] of request.query ?? []) url.searchParams.append(name, await secrets.text(value))
  const headers: Record<string, string> = {
    accept: '*/*',
    'accept-encoding': 'gzip, deflate, br',
    'user-agent': 'switchyard',
  }
  for (const [name, value] of Object.entries(request.headers)) headers[name.toLowerCase()] = await secrets.text(value)
  if (url.username !== '' && headers['authorization'] === undefined) {
    const account = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
    headers['authorization'] = `Basic ${Buffer.from(account).toString('base64')}`
  }
  url.username = ''
  url.password = ''
  const isBodySecret =
    typeof request.body === 'object' && 'json' in request.body && secretNames(request.body.json).length > 0
  return { url, method: request.method, headers, body: await bodyOf(request, secrets, blobs), isBodySecret }
}

async function bodyOf(
  { body }: HttpRequest,
  secrets: EffectSecrets,
  blobs: BlobPort,
): Promise<string | Uint8Array | undefined> {
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) return body
  return 'json' in body ? JSON.stringify(await secrets.json(body.json)) : readBlob(blobs, body.blob)
}

/** Names of headers that may not go along to another origin. */
function secretHeaders(request: HttpRequest): Set<string> {
  const carrying = Object.entries(request.headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [] : [name.toLowerCase()],
  )
  return new Set(['authorization', 'cookie', 'proxy-authorization', ...carrying])
}

interface Line {
  readonly rules: ConnectionRules
  readonly connections: HttpConnections
  readonly signal: AbortSignal
}

async function follow(
  first: Hop,
  secret: ReadonlySet<string>,
  line: Line,
): Promise<{ answer: Dispatcher.ResponseData; at: Hop }> {
  let hop = first
  for (let hops = 0; hops <= maxRedirects; hops += 1) {
    const answer = await sendHop(hop, line)
    const location = headerText(answer.headers['location'])
    if (location === undefined || ![301, 302, 303, 307, 308].includes(answer.statusCode)) return { answer, at: hop }
    await answer.body.dump()
    hop = nextHop(hop, answer.statusCode, location, secret)
  }
  throw new NodeFailure('http-redirects', `${first.url.origin} redirected more than ${maxRedirects} times.`)
}

async function sendHop(hop: Hop, line: Line): Promise<Dispatcher.ResponseData> {
  const rules = withoutProxyOnThisMachine(line.rules, hop.url.hostname)
  const dispatcher = await line.connections.dispatcherFor(rules)
  if (rules.proxy !== undefined && rules.proxy !== '') {
    const refusal = await refusalBehindProxy(hop.url.hostname, rules.allowPrivateNetwork)
    if (refusal) throw refusal
  }
  const { method, headers, body } = hop
  return send(hop.url.href, { method: method, headers, body: body ?? null, dispatcher, signal: line.signal })
}

/** What browsers do (Fetch standard, HTTP-redirect fetch): 303, and POST after 301 and 302, go on as GET without body. */
function nextHop(hop: Hop, status: number, location: string, secret: ReadonlySet<string>): Hop {
  const url = URL.parse(location, hop.url.href)
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new NodeFailure(
      'http-redirects',
      `${hop.url.origin} redirected to "${location.slice(0, 200)}", which is no web address.`,
    )
  }
  const becomesGet = (status === 303 && hop.method !== 'HEAD') || ([301, 302].includes(status) && hop.method === 'POST')
  const dropped = new Set<string>(becomesGet ? ['content-type', 'content-length', 'content-encoding'] : [])
  const isForeign = url.origin !== hop.url.origin
  if (isForeign && hop.isBodySecret && !becomesGet) {
    throw new NodeFailure(
      'http-redirects',
      `${hop.url.origin} redirected to ${url.origin}, and the body holds a secret that may not go there.`,
    )
  }
  const headers = Object.entries(hop.headers).filter(([name]) => !dropped.has(name) && !(isForeign && secret.has(name)))
  return {
    url,
    method: becomesGet ? 'GET' : hop.method,
    headers: Object.fromEntries(headers),
    body: becomesGet ? undefined : hop.body,
    isBodySecret: hop.isBodySecret,
  }
}

async function readBody(answer: Dispatcher.ResponseData, method: string, cap: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  const decoded = method === 'HEAD' ? answer.body : decode(answer.body, headerText(answer.headers['content-encoding']))
  for await (const chunk of decoded as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > cap) {
      answer.body.destroy()
      throw new NodeFailure(
        'http-too-large',
        `The answer is larger than ${Math.round(cap / 1024 / 1024)} MB. Ask for less, or for one page at a time.`,
      )
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Decompresses what the server compressed; several encodings were applied in the order they stand in the header. */
function decode(body: Readable, encodings: string | undefined): Readable {
  let decoded = body
  for (const encoding of (encodings ?? '').split(',').reverse()) {
    const step = decoderOf(encoding.trim().toLowerCase())
    if (step === undefined) continue
    const source = decoded
    source.on('error', (error) => step.destroy(error))
    decoded = source.pipe(step)
  }
  return decoded
}

function decoderOf(encoding: string): Transform | undefined {
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip()
  if (encoding === 'deflate') return createInflate()
  if (encoding === 'br') return createBrotliDecompress()
  return encoding === 'zstd' ? createZstdDecompress() : undefined
}

function toResponse(
  answer: Dispatcher.ResponseData,
  body: Uint8Array,
  secrets: EffectSecrets,
  blobs: BlobPort,
): HttpResponse {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(answer.headers)) {
    const text = headerText(value)
    if (text !== undefined) headers[name.toLowerCase()] = secrets.redactor.text(text)
  }
  return { status: answer.statusCode, headers, body, toBlob: async (mime, name) => keepBlob(blobs, body, mime, name) }
}

function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value
}
