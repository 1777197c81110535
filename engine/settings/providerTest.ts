import { NodeFailure } from '../../model/failure.ts'
import type { RequestResults, Settings } from '../../model/protocol.ts'
import type { SecretRef } from '../../model/secretRef.ts'
import type { BlobPort } from '../services/blobPort.ts'
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
  const authorization = await authorizationOf(provider, parts)
  if (authorization === undefined && provider.baseURL === officialBaseURL) {
    return failed(
      `There is no key for "${name}". Enter one in the settings, or set ${provider.keyVariable ?? 'its variable'}.`,
    )
  }
  const url = `${provider.baseURL.replace(/\/+$/, '')}/models`
  const { status, body } = await askModels(url, authorization, parts, settings)
  if (status !== 200) return failed(statusSentence(name, url, status))
  return found(name, modelNames(parseJson(new TextDecoder().decode(body))), model)
}

/** The stored key by reference, so that it reaches the hosts it is bound to and no other; else the one in the environment. */
async function authorizationOf(
  { secret, keyVariable }: Provider,
  { secrets, env }: ProbeParts,
): Promise<string | SecretRef | undefined> {
  if (secret !== undefined && (await secrets.get(secret))) return { $secret: secret, prefix: 'Bearer ' }
  const key = keyVariable === undefined ? undefined : env[keyVariable]
  return key === undefined || key === '' ? undefined : `Bearer ${key}`
}

/** By the workspace's proxy and certificate authorities; a provider that was set up may lie in a private network. */
async function askModels(
  url: string,
  authorization: string | SecretRef | undefined,
  { secrets }: ProbeParts,
  { proxy, caFile }: Settings,
): Promise<{ status: number; body: Uint8Array }> {
  const [{ createHttpService }, { HttpConnections }] = await Promise.all([
    import('../services/httpService.ts'),
    import('../services/httpConnections.ts'),
  ])
  const connections = new HttpConnections()
  const rules = {
    allowPrivateNetwork: true,
    ...(proxy !== undefined && { proxy }),
    ...(caFile !== undefined && { caFile }),
  }
  const http = createHttpService({
    connections,
    rules: async () => rules,
    secrets: readSecretsFrom(secrets),
    blobs: noBlobs,
  })
  const headers = authorization === undefined ? {} : { authorization }
  const signal = AbortSignal.timeout(probeTimeoutMs)
  try {
    return await http.request({ method: 'GET', url, headers }, signal)
  } catch (error) {
    if (!signal.aborted) throw error
    throw new NodeFailure('timeout', `${url} gave no answer within ${probeTimeoutMs / 1000} s.`)
  } finally {
    await connections.close()
  }
}

/** Lists of models are read as they come: nothing is kept. */
const noBlobs: BlobPort = {
  putBytes: () => {
    throw new Error('a connection test keeps no blobs')
  },
  readBytes: () => undefined,
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // an endpoint that answers with something else has no models
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

function failed(message: string): ProbeResult {
  return { ok: false, message, models: [] }
}
