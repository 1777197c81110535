import type { Settings } from '../../model/protocol.ts'

/** An OpenAI-compatible endpoint as configured; the key by reference only. */
export interface Provider {
  readonly baseURL: string
  /** Name of the secret that holds the key. */
  readonly secret?: string
  /** Environment variable that holds the key. */
  readonly keyVariable?: string
}

/** OpenAI's own service, which answers nobody without a key. */
export const officialBaseURL = 'https://api.openai.com/v1'

const builtIn: Readonly<Record<string, Provider>> = {
  openai: { baseURL: officialBaseURL, secret: 'openai', keyVariable: 'OPENAI_API_KEY' },
  ollama: { baseURL: 'http://127.0.0.1:11434/v1' },
}

/** The provider of this name: from the settings, else one of those that work without any. */
export function findProvider(name: string, settings: Settings, env: NodeJS.ProcessEnv): Provider | undefined {
  const configured = Object.entries(settings.providers).find(([key]) => key === name)?.[1]
  if (configured)
    return { baseURL: configured.baseURL, ...(configured.apiKey && { secret: configured.apiKey.$secret }) }
  const known = Object.entries(builtIn).find(([key]) => key === name)?.[1]
  const override = name === 'openai' ? env['OPENAI_BASE_URL'] : undefined
  return known && override !== undefined && override !== '' ? { ...known, baseURL: override } : known
}
