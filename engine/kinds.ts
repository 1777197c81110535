import type { KindRegistry, NodeSpec } from '../model/nodeSpec.ts'
import type { Executor } from './sdk/executor.ts'

/** The node kinds this engine can run: every folder under `nodes/` with a spec. */
export interface EngineKinds {
  /** For the compiler and the parsers of flows. */
  readonly specs: KindRegistry
  /** Undefined for a kind whose role needs none (`wait`) or that is not installed. */
  executor(kind: string): Executor | undefined
}

/** Gathers the kinds; the folders are found when the engine is built, so adding a kind is adding a folder. */
export function loadKinds(): EngineKinds {
  const specModules = import.meta.glob<{ spec: NodeSpec }>('../nodes/*/spec.ts', { eager: true })
  const executorModules = import.meta.glob<{ execute: Executor }>('../nodes/*/execute.ts', { eager: true })
  const specs = new Map<string, NodeSpec>()
  const executors = new Map<string, Executor>()
  for (const [path, module] of Object.entries(specModules)) specs.set(folderOf(path), module.spec)
  for (const [path, module] of Object.entries(executorModules)) executors.set(folderOf(path), module.execute)
  return { specs, executor: (kind) => executors.get(kind) }
}

function folderOf(path: string): string {
  return path.split('/').at(-2) ?? path
}
