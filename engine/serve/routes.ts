import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Refusal, RequestGuard } from './requestGuard.ts'

/** One address of the API. Its guards are derived from the table, so that no route can forget one. */
export type Route = {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** `token`: the request carries the token itself, in its body. `session`: it needs the cookie. */
  readonly needs: 'token' | 'session'
} & (
  | { readonly upgrade?: false; readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void> }
  | { readonly upgrade: true; readonly handle: (request: IncomingMessage, socket: Duplex, head: Buffer) => void }
)

export const apiPrefix = '/api/'

/** The route of a request; undefined where there is none. Compares the path as sent: nothing is decoded or normalised. */
export function findRoute(routes: readonly Route[], request: IncomingMessage, upgrade: boolean): Route | undefined {
  const path = (request.url ?? '').split('?')[0]
  return routes.find(
    (route) => route.path === path && route.method === request.method && (route.upgrade === true) === upgrade,
  )
}

/** Why a request may not have its route; undefined where it may. */
export function refuse(guard: RequestGuard, route: Route, request: IncomingMessage): Refusal | undefined {
  const needsOrigin = route.method === 'POST' || route.upgrade === true
  return (
    guard.checkHost(request) ??
    guard.checkOrigin(request, needsOrigin) ??
    (route.needs === 'session' ? guard.checkSession(request) : undefined)
  )
}
