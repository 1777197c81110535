import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import { createEngineClient, type ConnectionState, type EngineClient } from '../engineClient.ts'
import type { Transport } from '../transport/transport.ts'

interface ConnectionStore {
  readonly connection: ConnectionState
  readonly client: EngineClient | undefined
}

/** The one engine of this window, and whether it can be spoken to. */
export const connectionStore = createStore<ConnectionStore>()(() => ({
  connection: { status: 'connecting' },
  client: undefined,
}))

/** Connects this window to its engine; a second call replaces the first (tests do that). */
export function startEngine(transport: Transport): EngineClient {
  connectionStore.getState().client?.close()
  const client = createEngineClient(transport)
  connectionStore.setState({ client, connection: client.state() })
  client.onState((connection) => connectionStore.setState({ connection }))
  return client
}

/** The engine's client. Throws before {@link startEngine}, which is a bug of the caller. */
export function engine(): EngineClient {
  const { client } = connectionStore.getState()
  if (!client) throw new Error('The engine client is used before it was started.')
  return client
}

export function useConnection(): ConnectionState {
  return useStore(connectionStore, (state) => state.connection)
}
