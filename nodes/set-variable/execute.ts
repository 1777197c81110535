import type { Executor } from '../../engine/sdk/executor.ts'
import { parseSettings } from '../../engine/sdk/settings.ts'
import { settings } from './spec.ts'

export const execute: Executor = async ({ data }) => {
  const { name, value } = parseSettings(settings.evaluated, data)
  return { output: value, vars: { [name]: value } }
}
