import type { EngineApi } from './engineApi.ts'
import type { EngineParts } from './engineParts.ts'

type SettingsRequests = Pick<
  EngineApi,
  'settings.get' | 'settings.set' | 'secret.list' | 'secret.set' | 'secret.delete' | 'provider.test'
>

/** Settings and secrets. Values of secrets come in and never go out. */
export function settingsRequests({ settings, secrets, probe }: EngineParts): SettingsRequests {
  return {
    'settings.get': async () => ({ settings: await settings.read() }),
    'settings.set': async (params) => ({ settings: await settings.change(params.settings) }),
    'secret.list': async () => ({ secrets: await secrets.list(), store: secrets.kind }),
    'secret.set': async ({ name, value, hosts = [] }) => {
      await secrets.set(name, { value, hosts })
      return {}
    },
    'secret.delete': async ({ name }) => {
      await secrets.delete(name)
      return {}
    },
    'provider.test': ({ provider, model }) => probe(provider, model),
  }
}
