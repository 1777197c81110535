import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** The parts of a request that say where it comes from. */
export interface GuardedRequest {
  readonly headers: IncomingHttpHeaders
}

export type Refusal = { readonly status: 401 | 403 | 421; readonly message: string }

/**
 * Who may speak to this host: pages of its own origin that hold the session. Checks Host (against DNS rebinding),
 * Origin (against other pages) and cookie (against other users of the machine).
 */
export class RequestGuard {
  /** In the URL's fragment; exchanged for the session cookie. 256 bits. */
  readonly token = randomBytes(32).toString('base64url')
  readonly #session = randomBytes(32).toString('base64url')
  readonly #port: number

  constructor(port: number) {
    this.#port = port
  }

  /** Cookies do not know ports, so the name carries it. */
  get cookieName(): string {
    return `switchyard_${this.#port}`
  }

  get setCookie(): string {
    return `${this.cookieName}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`
  }

  checkHost({ headers }: GuardedRequest): Refusal | undefined {
    if (this.#authorities().includes(headers.host ?? '')) return undefined
    return { status: 421, message: 'This host answers to its own loopback address only.' }
  }

  /** A missing Origin is refused where `required`: browsers send it with every POST and every WebSocket. */
  checkOrigin({ headers }: GuardedRequest, required: boolean): Refusal | undefined {
    const { origin } = headers
    const isMissing = origin === undefined && !required
    if (isMissing || this.#authorities().some((authority) => origin === `http://${authority}`)) return undefined
    return { status: 403, message: 'Requests from other origins are refused.' }
  }

  checkSession({ headers }: GuardedRequest): Refusal | undefined {
    const cookies = (headers.cookie ?? '').split(';').map((each) => each.trim())
    const prefix = `${this.cookieName}=`
    const ours = cookies.filter((each) => each.startsWith(prefix)).map((each) => each.slice(prefix.length))
    if (ours.some((value) => equals(value, this.#session))) return undefined
    return { status: 401, message: 'This page has no session. Open the address that "switchyard serve" printed.' }
  }

  isToken(value: unknown): boolean {
    return typeof value === 'string' && equals(value, this.token)
  }

  #authorities(): string[] {
    return [`127.0.0.1:${this.#port}`, `localhost:${this.#port}`]
  }
}

/** Compares hashes, so that neither content nor length shows in the time taken. */
function equals(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
