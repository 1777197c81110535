import type { Executor } from '../../engine/sdk/executor.ts'
import { parseSettings } from '../../engine/sdk/settings.ts'
import { settings } from './spec.ts'

export const execute: Executor = async ({ data, prev, scope, services, signal }) => {
  const { source } = parseSettings(settings.evaluated, data)
  return { output: await services.sandbox.run(source, scope ?? { prev }, signal) }
}
