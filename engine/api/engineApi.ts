import type { RequestName, RequestParams, RequestResults } from '../../model/protocol.ts'
import type { ConnectedClient } from './connectedClient.ts'
import { documentRequests } from './documentRequests.ts'
import type { EngineParts } from './engineParts.ts'
import { flowRequests } from './flowRequests.ts'
import { runRequests } from './runRequests.ts'
import { settingsRequests } from './settingsRequests.ts'
import { templateRequests } from './templateRequests.ts'

/** The engine's side of the protocol: one handler per request. Failures are thrown as `NodeFailure`. */
export type EngineApi = { readonly [N in RequestName]: RequestHandler<N> }

export type RequestHandler<N extends RequestName> = (
  params: RequestParams<N>,
  client: ConnectedClient,
) => Promise<RequestResults[N]>

/** The one table that every transport serves. */
export function createEngineApi(parts: EngineParts): EngineApi {
  return {
    ...documentRequests(parts),
    ...flowRequests(parts),
    ...runRequests(parts),
    ...settingsRequests(parts),
    ...templateRequests(parts),
  }
}
