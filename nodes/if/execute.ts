import type { Executor } from '../../engine/sdk/executor.ts'
import { parseSettings } from '../../engine/sdk/settings.ts'
import { settings } from './spec.ts'

export const execute: Executor = async ({ data, prev }) => {
  const { condition } = parseSettings(settings.evaluated, data)
  return { port: condition ? 'true' : 'false', output: prev }
}
