import type { EngineKinds } from '../kinds.ts'
import type { RunHost } from '../run/runHost.ts'
import type { SandboxPool } from '../services/sandbox.ts'
import type { SecretStore } from '../settings/secretStore.ts'
import type { SettingsFile } from '../settings/settingsFile.ts'
import type { WorkspaceFolder } from '../workspace/workspaceFolder.ts'

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
export async function openRunHost({
  workspace,
  kinds,
  settings,
  secrets,
  env,
  onFatal,
}: RunHostParts): Promise<OpenRunHost> {
  const [
    { RunStore },
    { createRunHost },
    { createOutsideServices },
    { createSandbox },
    { systemClock },
    { createIds },
    { readSecretsFrom },
  ] = await Promise.all([
    import('../store/runStore.ts'),
    import('../run/createRunHost.ts'),
    import('../services/outsideServices.ts'),
    import('../services/sandbox.ts'),
    import('../services/clock.ts'),
    import('../services/ids.ts'),
    import('../services/secretReader.ts'),
  ])
  const store = new RunStore(workspace.data)
  const sandbox = createSandbox()
  const services = createOutsideServices({
    workspace: workspace.root,
    settings: () => settings.read(),
    secrets: readSecretsFrom(secrets),
    blobs: store,
    environment: env,
  })
  const runs = createRunHost({
    store,
    kinds,
    services: services.forRun,
    sandbox,
    clock: systemClock,
    ids: createIds(),
    random: Math.random,
    environment: env,
    onFatal,
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
