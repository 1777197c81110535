import type { Executor } from '../../engine/sdk/executor.ts'
import { parseSettings } from '../../engine/sdk/settings.ts'
import { settings } from './spec.ts'

export const execute: Executor = async ({ data }) => ({ output: parseSettings(settings.evaluated, data).value })
