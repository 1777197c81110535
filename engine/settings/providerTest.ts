import { NodeFailure } from '../../model/failure.ts'
import type { RequestResults, Settings } from '../../model/protocol.ts'
import { readSecretsFrom } from '../services/secretReader.ts'
import type { SecretStore } from './secretStore.ts'
import type { SettingsFile } from './settingsFile.ts'
import { findProvider, officialBaseURL, type Provider } from './providers.ts'

/** Result of a connection test: a sentence for the person, and the models found. */
export type ProbeResult = RequestResults['provider.test']

/** Asks a provider for its models, for real. What goes wrong is the message. */
export type ProviderProbe = (provider: string, model?: string) => Promise<ProbeResult>

interface ProbeParts {
  readonly settings: SettingsFile
  readonly secrets: SecretStore
  readonly env: NodeJS.ProcessEnv
}

const probeTimeoutMs = 10_000

/** Tests a provider by `GET <baseURL>/models` with its key. */
export function createProviderProbe(parts: ProbeParts): ProviderProbe {
  return async (name, model) => {
    try {
      return await probe(parts, name, model)
    } catch (error) {
      if (error instanceof NodeFailure) return failed(error.message)
      throw error
    }
  }
}

async function probe(parts: ProbeParts, name: string, model: string | undefined): Promise<ProbeResult> {
  const settings = await parts.settings.read()
  const provider = findProvider(name, settings, parts.env)
  if (!provider) return failed(`There is no provider "${name}". Add it with its base URL.`)
  const key = await keyOf(provider, parts)
  if (provider.keyVariable !== undefined && key === undefined && provider.baseURL === officialBaseURL) {
    return failed(`There is no key for "${name}". Enter one in the settings, or set ${provider.keyVariable}.`)
  }
  return askModels({ name, provider, key, model }, settings)
}

/** The key, if it may go to the provider's host. */
async function keyOf(provider: Provider, { secrets, env }: ProbeParts): Promise<string | undefined> {
  const stored = provider.secret === undefined ? undefined : await secrets.get(provider.secret)
  if (provider.secret !== undefined && stored) return readSecretsFrom(secrets).read(provider.secret, hostOf(provider))
  return provider.keyVariable === undefined ? undefined : env[provider.keyVariable]
}

function hostOf({ baseURL }: Provider): string | undefined {
  return URL.canParse(baseURL) ? new URL(baseURL).host : undefined
}

/** By the workspace's proxy and certificate authorities; a provider that was set up may lie in a private network. */
async function askModels(question: Question, settings: Settings): Promise<ProbeResult> {
  const { name, provider, key, model } = question
  const url = `${provider.baseURL.replace(/\/+$/, '')}/models`
  const [{ fetch }, { HttpConnections, withoutProxyOnThisMachine }] = await Promise.all([
    import('undici'),
    import('../services/httpConnections.ts'),
  ])
  const connections = new HttpConnections()
  try {
    const { proxy, caFile } = settings
    const rules = {
      allowPrivateNetwork: true,
      ...(proxy !== undefined && { proxy }),
      ...(caFile !== undefined && { caFile }),
    }
    const response = await fetch(url, {
      headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
      redirect: 'error',
      signal: AbortSignal.timeout(probeTimeoutMs),
      dispatcher: await connections.dispatcherFor(withoutProxyOnThisMachine(rules, new URL(url).hostname)),
    })
    if (!response.ok) return failed(statusSentence(name, url, response.status))
    return found(name, modelNames(await response.json()), model)
  } catch (error) {
    return failed(`${url} does not answer (${reason(error)}). Is the server running, and is the base URL right?`)
  } finally {
    await connections.close()
  }
}

interface Question {
  readonly name: string
  readonly provider: Provider
  readonly key: string | undefined
  readonly model: string | undefined
}

function found(name: string, models: string[], model: string | undefined): ProbeResult {
  if (model !== undefined && !models.includes(model)) {
    return {
      ok: false,
      message: `"${name}" answers, but has no model "${model}". It has ${models.length} others.`,
      models,
    }
  }
  return {
    ok: true,
    message: `"${name}" answers: ${models.length} ${models.length === 1 ? 'model' : 'models'}.`,
    models,
  }
}

function statusSentence(name: string, url: string, status: number): string {
  if (status === 401 || status === 403) return `"${name}" refuses the key (status ${status}). Enter a valid one.`
  if (status === 404) return `${url} does not exist (status 404). The base URL usually ends in /v1.`
  return `"${name}" answers with status ${status}. Try again later.`
}

/** Names from an OpenAI-compatible list, `{data: [{id}]}`, sorted. */
function modelNames(body: unknown): string[] {
  const data = typeof body === 'object' && body !== null && 'data' in body ? body.data : undefined
  const names = Array.isArray(data) ? data.map((each: unknown) => nameOf(each)) : []
  return names.filter((id) => id !== undefined).sort()
}

function nameOf(model: unknown): string | undefined {
  return typeof model === 'object' && model !== null && 'id' in model && typeof model.id === 'string'
    ? model.id
    : undefined
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  if (error.name === 'TimeoutError') return `no answer within ${probeTimeoutMs / 1000} s`
  return cause instanceof Error ? cause.message || ('code' in cause ? String(cause.code) : cause.name) : error.message
}

function failed(message: string): ProbeResult {
  return { ok: false, message, models: [] }
}
