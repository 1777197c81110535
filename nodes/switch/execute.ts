import { jsonEquals } from '../../model/json.ts'
import type { Executor } from '../../engine/sdk/executor.ts'
import { parseSettings } from '../../engine/sdk/settings.ts'
import { defaultPort, settings } from './spec.ts'

export const execute: Executor = async ({ data, prev }) => {
  const { value, cases } = parseSettings(settings.evaluated, data)
  const fitting = cases.find((entry) =>
    'when' in entry ? Boolean(entry.when) : jsonEquals(entry.equals, value ?? null),
  )
  return { port: fitting?.port ?? defaultPort, output: prev }
}
