import type { Executor } from '../../engine/sdk/executor.ts'
import { parseSettings } from '../../engine/sdk/settings.ts'
import { settings } from './spec.ts'

export const execute: Executor = async ({ data, services, signal }) => {
  const { dir, glob } = parseSettings(settings.evaluated, data)
  const files = await services.files.list(dir === '' ? '.' : dir, glob, signal)
  return { output: { files: files.map(({ path, name, size, modifiedAt }) => ({ path, name, size, modifiedAt })) } }
}
