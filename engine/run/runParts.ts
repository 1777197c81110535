import type { JsonObject } from '../../model/json.ts'
import type { EngineKinds } from '../kinds.ts'
import type { Services } from '../sdk/services.ts'
import type { Clock } from '../services/clock.ts'
import type { SandboxPool } from '../services/sandbox.ts'
import type { RunStore } from '../store/runStore.ts'
import type { CommitLoop } from './commitLoop.ts'
import type { FailPoint } from './failPoint.ts'
import type { ProgressBuffer } from './progressBuffer.ts'
import type { SettingsPlans } from './settingsPlans.ts'

/** What all runs of a host share. */
export interface HostParts {
  readonly kinds: EngineKinds
  readonly clock: Clock
  readonly random: () => number
  readonly sandbox: SandboxPool
  readonly loop: CommitLoop
  readonly progress: ProgressBuffer
  readonly plans: SettingsPlans
  readonly cache: Pick<RunStore, 'findCached' | 'noteCached'>
  readonly failPoint: FailPoint
}

/** What one run has of its own. */
export interface RunParts {
  /** Made when the first node asks: most runs of pure nodes never do. */
  readonly services: () => Partial<Services>
  /** Environment variables that the flow may read. */
  readonly env: JsonObject
}
