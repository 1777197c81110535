import type { EngineKinds } from '../kinds.ts'
import { createRunHost } from '../run/createRunHost.ts'
import type { RunHost } from '../run/runHost.ts'
import { systemClock } from '../services/clock.ts'
import { createIds } from '../services/ids.ts'
import type { OutsideServicesMaker } from '../services/outsideServices.ts'
import { createSandbox, type SandboxPool } from '../services/sandbox.ts'
import type { SecretStore } from '../settings/secretStore.ts'
import type { SettingsFile } from '../settings/settingsFile.ts'
import { RunStore } from '../store/runStore.ts'
import type { WorkspaceFolder } from '../workspace/workspaceFolder.ts'
import { lazyServices } from './lazyServices.ts'

export interface RunHostParts {
  readonly workspace: WorkspaceFolder
  readonly kinds: EngineKinds
  readonly settings: SettingsFile
  readonly secrets: SecretStore
  readonly env: NodeJS.ProcessEnv
  readonly onFatal: (error: Error) => void
}

export interface OpenRunHost {
  readonly runs: RunHost
  readonly sandbox: SandboxPool
  close(): Promise<void>
}

/** Opens the run store of a workspace and what drives its runs. Fails as the store does (`store-…`). */
export async function openRunHost(parts: RunHostParts): Promise<OpenRunHost> {
  const store = new RunStore(parts.workspace.data)
  const sandbox = createSandbox()
  const services = lazyServices(() => openServices(parts, store))
  const runs = createRunHost({
    store,
    kinds: parts.kinds,
    services: services.forRun,
    sandbox,
    clock: systemClock,
    ids: createIds(),
    random: Math.random,
    environment: parts.env,
    onFatal: parts.onFatal,
  })
  return {
    runs,
    sandbox,
    close: async () => {
      await runs.close()
      await Promise.all([services.close(), sandbox.close()])
      store.close()
    },
  }
}

async function openServices(parts: RunHostParts, blobs: RunStore): Promise<OutsideServicesMaker> {
  const [{ createOutsideServices }, { readSecretsFrom }] = await Promise.all([
    import('../services/outsideServices.ts'),
    import('../services/secretReader.ts'),
  ])
  return createOutsideServices({
    workspace: parts.workspace.root,
    settings: () => parts.settings.read(),
    secrets: readSecretsFrom(parts.secrets),
    blobs,
    environment: parts.env,
  })
}
