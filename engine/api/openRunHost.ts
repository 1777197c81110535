import { NodeFailure } from '../../model/failure.ts'
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

export async function openRunHost(_parts: RunHostParts): Promise<OpenRunHost> {
  throw new NodeFailure('no-runs-yet', 'Runs are being built.')
}
