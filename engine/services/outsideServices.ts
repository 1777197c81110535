import { realpathSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Settings } from '../../model/protocol.ts'
import type { OutsideServices, ServiceGrant } from '../run/runHost.ts'
import type { BlobPort } from './blobPort.ts'
import { createFilesService } from './filesService.ts'
import { HttpConnections } from './httpConnections.ts'
import { createHttpService } from './httpService.ts'
import { createModelService } from './modelService.ts'
import type { SecretReader } from './secretReader.ts'
import { createShellService } from './shellService.ts'

export interface OutsideServicesOptions {
  /** Real path of the workspace's root. */
  readonly workspace: string
  /** Asked at every effect, so that a change of settings counts at once. */
  readonly settings: () => Promise<Settings>
  readonly secrets: SecretReader
  readonly blobs: BlobPort
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Makes the services that reach outside, one set per run over shared connections. */
export interface OutsideServicesMaker {
  readonly forRun: (run: ServiceGrant) => OutsideServices
  /** Ends all connections. */
  close(): Promise<void>
}

export function createOutsideServices(options: OutsideServicesOptions): OutsideServicesMaker {
  const { workspace, settings, secrets, blobs, environment } = options
  const connections = new HttpConnections()
  return {
    forRun({ flowPath, trusted }) {
      const rules = async () => {
        const { proxy, caFile, allowPrivateNetwork } = await settings()
        const allowed = { allowPrivateNetwork: allowPrivateNetwork || trusted }
        return { ...allowed, ...(proxy === undefined ? {} : { proxy }), ...(caFile === undefined ? {} : { caFile }) }
      }
      return {
        http: createHttpService({ connections, rules, secrets, blobs }),
        files: createFilesService({ folders: { workspace, ...flowFolder(workspace, flowPath) }, blobs }),
        shell: createShellService({ workspace, secrets, environment }),
        model: createModelService({ connections, settings, secrets, environment }),
      }
    },
    close: () => connections.close(),
  }
}

/** The folder of a flow that is a file; one that is not (yet) saved has none. */
function flowFolder(workspace: string, flowPath: string): { flowFolder?: string } {
  try {
    return { flowFolder: realpathSync(dirname(resolve(workspace, flowPath))) }
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return {}
    throw error
  }
}
