import { NodeFailure } from '../../model/failure.ts'
import type { Settings } from '../../model/protocol.ts'
import { findProvider, type Provider } from '../settings/providers.ts'
import type { SecretReader } from './secretReader.ts'

/** Where a model is asked, and as whom. */
export interface ModelEndpoint {
  readonly provider: string
  /** The model's name at its provider. */
  readonly model: string
  readonly baseURL: string
  /** Absent where the endpoint wants none, as local ones do. */
  readonly key?: string
  /** The vendor's own service rather than one that speaks its protocol. */
  readonly isOfficial: boolean
}

export interface EndpointSources {
  readonly settings: () => Promise<Settings>
  readonly secrets: SecretReader
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Names of the models an endpoint has; rejects where it does not answer. */
  readonly listModels: (endpoint: ModelEndpoint) => Promise<readonly string[]>
}

const officialHost = 'api.openai.com'
const firstChoice = 'openai/gpt-5-mini'

/**
 * Finds the endpoint for `provider/model`. Without a name it is the workspace's default model, else OpenAI where there
 * is a key, else the first model of a local Ollama. Fails as `model-none`, `model-unknown-provider`, `model-no-key`.
 */
export async function findEndpoint(name: string | undefined, sources: EndpointSources): Promise<ModelEndpoint> {
  const settings = await sources.settings()
  const wanted = name ?? settings.defaultModel
  if (wanted === undefined || wanted === '') return chooseEndpoint(settings, sources)
  const [, providerName, model] = /^([^/\s]+)\/(\S+)$/.exec(wanted.trim()) ?? []
  if (providerName === undefined || model === undefined) {
    throw new NodeFailure(
      'bad-setting',
      `"${wanted}" names no model: write provider/model, for instance ${firstChoice} or ollama/llama3.2.`,
      {
        details: { field: 'data.model' },
      },
    )
  }
  const provider = findProvider(providerName, settings, { ...sources.environment })
  if (!provider) {
    throw new NodeFailure(
      'model-unknown-provider',
      `There is no provider "${providerName}". Add it in the settings with its base URL, or use openai/… or ollama/….`,
    )
  }
  const endpoint = await open(providerName, model, provider, sources)
  if (endpoint.key === undefined && endpoint.isOfficial) {
    throw new NodeFailure(
      'model-no-key',
      `There is no key for "${providerName}": enter one in the settings or set OPENAI_API_KEY, or name a local model such as ollama/llama3.2.`,
    )
  }
  return endpoint
}

async function chooseEndpoint(settings: Settings, sources: EndpointSources): Promise<ModelEndpoint> {
  const [, model = ''] = firstChoice.split('/')
  const openai = await openNamed('openai', model, settings, sources)
  if (openai && (openai.key !== undefined || !openai.isOfficial)) return openai
  const ollama = await openNamed('ollama', '', settings, sources)
  const local = ollama ? await sources.listModels(ollama).catch(() => []) : []
  if (ollama && local[0] !== undefined) return { ...ollama, model: local[0] }
  throw new NodeFailure(
    'model-none',
    'There is no model to ask: set OPENAI_API_KEY, start Ollama with a model pulled, or choose a model in the settings.',
  )
}

async function openNamed(
  name: string,
  model: string,
  settings: Settings,
  sources: EndpointSources,
): Promise<ModelEndpoint | undefined> {
  const provider = findProvider(name, settings, { ...sources.environment })
  return provider && open(name, model, provider, sources)
}

async function open(name: string, model: string, provider: Provider, sources: EndpointSources): Promise<ModelEndpoint> {
  const url = URL.parse(provider.baseURL)
  if (!url)
    throw new NodeFailure('bad-settings', `The base URL of provider "${name}" is no web address: ${provider.baseURL}`)
  const key = await keyOf(provider, url.host, sources)
  return {
    provider: name,
    model,
    baseURL: provider.baseURL,
    isOfficial: url.host === officialHost,
    ...(key === undefined ? {} : { key }),
  }
}

/** A key that the settings name has to be there; one that is only looked for need not. */
async function keyOf(
  provider: Provider,
  host: string,
  { secrets, environment }: EndpointSources,
): Promise<string | undefined> {
  const fromEnvironment = provider.keyVariable === undefined ? undefined : environment[provider.keyVariable]
  if (provider.secret === undefined) return fromEnvironment
  try {
    return await secrets.read(provider.secret, host)
  } catch (error) {
    if (provider.keyVariable === undefined || !(error instanceof NodeFailure) || error.code !== 'secret-missing')
      throw error
    return fromEnvironment === '' ? undefined : fromEnvironment
  }
}
