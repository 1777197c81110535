import { existsSync } from 'node:fs'

/**
 * The file of a worker, built or as source. Worker entries lie beside the other entries of the engine's build; the code
 * that starts them may have become a chunk one folder below.
 */
export function workerPath(name: string): URL {
  const { url } = import.meta
  if (url.endsWith('.ts')) return new URL(`./${name}.ts`, url)
  const beside = new URL(`./${name}.js`, url)
  return existsSync(beside) ? beside : new URL(`../${name}.js`, url)
}
