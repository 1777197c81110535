import type { KindRegistry } from '../../model/nodeSpec.ts'
import type { RunHost } from '../run/runHost.ts'
import type { SandboxPool } from '../services/sandbox.ts'
import type { SecretStore } from '../settings/secretStore.ts'
import type { SettingsFile } from '../settings/settingsFile.ts'
import type { ProviderProbe } from '../settings/providerTest.ts'
import type { FlowTrust } from '../trust/flowTrust.ts'
import type { Drafts } from '../workspace/drafts.ts'
import type { WorkspaceFolder } from '../workspace/workspaceFolder.ts'
import type { RunViews } from './runViews.ts'

/** What the request handlers are made of. */
export interface EngineParts {
  readonly workspace: WorkspaceFolder
  readonly host: 'desktop' | 'browser'
  readonly version: string
  readonly drafts: Drafts
  readonly trust: FlowTrust
  readonly settings: SettingsFile
  readonly secrets: SecretStore
  readonly kinds: KindRegistry
  /** Opens the run store at first need; a damaged store fails each call and nothing else. */
  readonly runs: () => Promise<RunHost>
  /** Where previewed expressions are evaluated. */
  readonly sandbox: () => Promise<SandboxPool>
  readonly views: RunViews
  readonly probe: ProviderProbe
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** A window is there: flows are watched for changes from now on. */
  readonly windowOpened: () => void
}
