import { lookup, type LookupAddress, type LookupAllOptions } from 'node:dns'
import { readFile } from 'node:fs/promises'
import { isIP, type LookupFunction } from 'node:net'
import { rootCertificates } from 'node:tls'
import { Agent, buildConnector, ProxyAgent, type Dispatcher } from 'undici'
import { NodeFailure } from '../../model/failure.ts'
import { classifyAddress } from './addressRules.ts'

/** How connections are made; from the workspace's settings and the trust of the run. */
export interface ConnectionRules {
  /** Whether this machine and private networks may be reached. Link-local and metadata addresses never are. */
  readonly allowPrivateNetwork: boolean
  /** URL of an HTTP proxy. */
  readonly proxy?: string
  /** Path of a PEM file with additional certificate authorities. */
  readonly caFile?: string
}

/** Finds every address of a name, as `dns.lookup` does with `all`. */
export type NameLookup = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

const systemLookup: NameLookup = (hostname, options, callback) => lookup(hostname, options, callback)
const connectTimeoutMs = 10_000

/**
 * Connections of this engine, kept alive and shared by runs with equal rules. Every address is judged when a socket
 * connects to it, so that neither a redirect nor a name that changes its address leads anywhere it may not go.
 */
export class HttpConnections {
  readonly #dispatchers = new Map<string, Promise<Dispatcher>>()
  readonly #lookup: NameLookup

  /** `lookup` finds the addresses of a name; the system's resolver where absent. */
  constructor(lookup: NameLookup = systemLookup) {
    this.#lookup = lookup
  }

  /** Fails as `http-ca-file` where the certificate file cannot be read. */
  async dispatcherFor(rules: ConnectionRules): Promise<Dispatcher> {
    const key = JSON.stringify([rules.allowPrivateNetwork, rules.proxy, rules.caFile])
    const known = this.#dispatchers.get(key)
    if (known) return known
    const made = openDispatcher(rules, this.#lookup)
    this.#dispatchers.set(key, made)
    // A file that could not be read now may be there at the next request.
    made.catch(() => this.#dispatchers.delete(key))
    return made
  }

  async close(): Promise<void> {
    const open = [...this.#dispatchers.values()]
    this.#dispatchers.clear()
    await Promise.allSettled(open.map(async (dispatcher) => (await dispatcher).destroy()))
  }
}

async function openDispatcher(
  { allowPrivateNetwork, proxy, caFile }: ConnectionRules,
  lookup: NameLookup,
): Promise<Dispatcher> {
  const ca = caFile === undefined || caFile === '' ? undefined : [...rootCertificates, await readAuthority(caFile)]
  const tls = ca === undefined ? {} : { ca }
  if (proxy !== undefined && proxy !== '')
    return new ProxyAgent({ uri: proxy, requestTls: tls, proxyTls: tls, allowH2: false })
  const connect = buildConnector({
    timeout: connectTimeoutMs,
    allowH2: false,
    lookup: guardedLookup(allowPrivateNetwork, lookup),
    ...tls,
  })
  return new Agent({
    connect(options, callback) {
      // Node looks up names only; an address in the URL itself has to be judged here.
      const refusal =
        isIP(bareHost(options.hostname)) === 0
          ? undefined
          : refusalOf(options.hostname, options.hostname, allowPrivateNetwork)
      if (refusal) callback(refusal, null)
      else connect(options, callback)
    },
  })
}

async function readAuthority(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new NodeFailure('http-ca-file', `The certificate file ${path} of the settings cannot be read.`, { cause })
  }
}

/** What is judged is what is connected to: there is no second lookup in between that could answer otherwise. */
function guardedLookup(allowPrivate: boolean, lookup: NameLookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '')
      const refusal = addresses
        .map(({ address }) => refusalOf(hostname, address, allowPrivate))
        .find((found) => found !== undefined)
      if (refusal) return callback(refusal, '')
      if (options.all) return callback(null, addresses)
      const first = addresses[0]
      return callback(null, first?.address ?? '', first?.family)
    })
  }
}

/** The failure for an address that may not be connected to; undefined where it may. */
export function refusalOf(host: string, address: string, allowPrivate: boolean): NodeFailure | undefined {
  const kind = classifyAddress(address)
  if (kind === 'public' || (kind === 'private' && allowPrivate)) return undefined
  const reason =
    kind === 'refused'
      ? 'an address that is never connected to (link-local, metadata or multicast).'
      : 'this machine or a private network. Trust the flow, or allow private networks in the settings.'
  const name = host === address ? host : `${host} (${address})`
  return new NodeFailure('http-refused-address', `${name} is ${reason}`, { details: { host, address } })
}

/** Judges the host of a URL as far as that is possible without the connection: behind a proxy, names are resolved there. */
export async function refusalBehindProxy(hostname: string, allowPrivate: boolean): Promise<NodeFailure | undefined> {
  const host = bareHost(hostname)
  if (isIP(host) !== 0) return refusalOf(host, host, allowPrivate)
  const addresses = await new Promise<string[]>((resolve) => {
    lookup(host, { all: true }, (error, found) => resolve(error ? [] : found.map(({ address }) => address)))
  })
  return addresses.map((address) => refusalOf(host, address, allowPrivate)).find((found) => found !== undefined)
}

/** Proxies are for the world outside: this machine is reached directly. */
export function withoutProxyOnThisMachine(rules: ConnectionRules, hostname: string): ConnectionRules {
  const host = bareHost(hostname)
  const isHere = host === 'localhost' || host.endsWith('.localhost') || host === '::1' || host.startsWith('127.')
  if (!isHere) return rules
  const { proxy: _proxy, ...direct } = rules
  return direct
}

function bareHost(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
}
