import { useMemo } from 'react'
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { RequestResults } from '../../model/protocol.ts'
import { engine } from '../shell/engine.ts'
import { useSettings } from './settingsStore.ts'

export type TestResult = RequestResults['provider.test']

interface ModelStore {
  /** The last connection test of each provider. */
  readonly tests: Readonly<Record<string, TestResult>>
}

const modelStore = createStore<ModelStore>()(() => ({ tests: {} }))

/** Tries to reach a provider and lists its models. Rejects as the request does; an unreachable provider is a result. */
export async function testProvider(provider: string, model?: string): Promise<TestResult> {
  const result = await engine().request('provider.test', model === undefined ? { provider } : { provider, model })
  modelStore.setState(({ tests }) => ({ tests: { ...tests, [provider]: result } }))
  return result
}

export function useTest(provider: string): TestResult | undefined {
  return useStore(modelStore, (state) => state.tests[provider])
}

/** Names of models to choose from, as nodes write them. */
export function useModels(): readonly string[] {
  const tests = useStore(modelStore, (state) => state.tests)
  const chosen = useSettings((settings) => settings.defaultModel)
  return useMemo(() => {
    const found = Object.entries(tests).flatMap(([provider, test]) =>
      test.models.map((model) => `${provider}/${model}`),
    )
    return [...new Set([...(chosen === undefined ? [] : [chosen]), ...found])]
  }, [tests, chosen])
}
