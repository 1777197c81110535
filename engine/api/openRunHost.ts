import type { EngineKinds } from '../kinds.ts'
import type { RunHost } from '../run/runHost.ts'
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
  close(): Promise<void>
}
