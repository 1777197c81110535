import { NodeFailure } from '../../model/failure.ts'
import type { Executor } from '../../engine/sdk/executor.ts'
import { parseSettings } from '../../engine/sdk/settings.ts'
import { settings } from './spec.ts'

export const execute: Executor = async ({ data }) => {
  const { code, message } = parseSettings(settings.evaluated, data)
  throw new NodeFailure(code, message)
}
