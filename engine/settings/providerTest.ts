import type { RequestResults } from '../../model/protocol.ts'
import type { SecretStore } from './secretStore.ts'
import type { SettingsFile } from './settingsFile.ts'
import { findProvider, type Provider } from './providers.ts'

/** Result of a connection test: a sentence for the person, and the models found. */
export type ProbeResult = RequestResults['provider.test']

/** Asks a provider for its models, for real. Never rejects: what goes wrong is the message. */
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
    const provider = findProvider(name, await parts.settings.read(), parts.env)
    if (!provider) return failed(`There is no provider "${name}". Add it with its base URL.`)
    const key = await keyOf(provider, parts)
    if (provider.keyVariable !== undefined && key === undefined && provider.secret !== undefined) {
      return failed(`No key for "${name}". Enter one in the settings, or set ${provider.keyVariable}.`)
    }
    return askModels(name, provider.baseURL, key, model)
  }
}

async function keyOf(provider: Provider, { secrets, env }: ProbeParts): Promise<string | undefined> {
  const secret = provider.secret === undefined ? undefined : await secrets.get(provider.secret)
  return secret?.value ?? (provider.keyVariable === undefined ? undefined : env[provider.keyVariable])
}

async function askModels(
  name: string,
  baseURL: string,
  key: string | undefined,
  model: string | undefined,
): Promise<ProbeResult> {
  const url = `${baseURL.replace(/\/+$/, '')}/models`
  try {
    const response = await fetch(url, {
      headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
      redirect: 'error',
      signal: AbortSignal.timeout(probeTimeoutMs),
    })
    if (!response.ok) return failed(statusSentence(name, url, response.status))
    return found(name, modelNames(await response.json()), model)
  } catch (error) {
    return failed(`${url} does not answer (${reason(error)}). Is the server running, and is the base URL right?`)
  }
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
