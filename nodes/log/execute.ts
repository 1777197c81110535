import type { Executor } from '../../engine/sdk/executor.ts'
import { parseSettings } from '../../engine/sdk/settings.ts'
import { settings } from './spec.ts'

export const execute: Executor = async ({ data, log }) => {
  const { message, level } = parseSettings(settings.evaluated, data)
  log(level, message)
  return { output: message }
}
