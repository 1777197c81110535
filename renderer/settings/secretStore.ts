import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { RequestResults } from '../../model/protocol.ts'
import { engine } from '../shell/engine.ts'

interface SecretStore {
  readonly secrets: RequestResults['secret.list']['secrets']
  /** Where the engine keeps them; undefined until it was asked. */
  readonly store: RequestResults['secret.list']['store'] | undefined
}

/** The names of the workspace's secrets. Their values never come to this window. */
export const secretStore = createStore<SecretStore>()(() => ({ secrets: [], store: undefined }))

export async function loadSecrets(): Promise<void> {
  secretStore.setState(await engine().request('secret.list', {}))
}

/** Keeps a secret's value; `hosts` limits where it may be sent. Rejects as the request does. */
export async function saveSecret(name: string, value: string, hosts: readonly string[]): Promise<void> {
  await engine().request('secret.set', hosts.length === 0 ? { name, value } : { name, value, hosts: [...hosts] })
  await loadSecrets()
}

export async function deleteSecret(name: string): Promise<void> {
  await engine().request('secret.delete', { name })
  await loadSecrets()
}

export function useSecrets<T>(select: (state: SecretStore) => T): T {
  return useStore(secretStore, select)
}
