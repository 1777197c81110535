import { realpathSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Settings } from '../../model/protocol.ts'
import type { OutsideServices, ServiceGrant } from '../run/runHost.ts'
import type { BlobPort } from './blobPort.ts'
import { createFilesService } from './filesService.ts'
import type { ConnectionRules, HttpConnections } from './httpConnections.ts'
import type { SecretReader } from './secretReader.ts'

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

/**
 * HTTP, programs and models are loaded when a node first needs them (their libraries take 100 ms each), so that a flow
 * that only reads a file does not wait for a model's client.
 */
export function createOutsideServices(options: OutsideServicesOptions): OutsideServicesMaker {
  const { workspace, settings, secrets, blobs, environment } = options
  let opened: HttpConnections | undefined
  const connections = once(async () => {
    const { HttpConnections: Connections } = await import('./httpConnections.ts')
    opened = new Connections()
    return opened
  })
  const model = once(async () => {
    const { createModelService } = await import('./modelService.ts')
    return createModelService({ connections: await connections(), settings, secrets, environment })
  })
  const shell = once(async () =>
    (await import('./shellService.ts')).createShellService({ workspace, secrets, environment }),
  )
  return {
    forRun({ flowPath, trusted }) {
      const http = once(async () => {
        const { createHttpService } = await import('./httpService.ts')
        const rules = async () => rulesOf(await settings(), trusted)
        return createHttpService({ connections: await connections(), rules, secrets, blobs })
      })
      return {
        files: createFilesService({ folders: { workspace, ...flowFolder(workspace, flowPath) }, blobs }),
        http: { request: async (...call) => (await http()).request(...call) },
        shell: { run: async (...call) => (await shell()).run(...call) },
        model: { chat: async (...call) => (await model()).chat(...call) },
      }
    },
    close: async () => opened?.close(),
  }
}

/** A trusted run may reach this machine and private networks, whatever the settings say. */
function rulesOf({ proxy, caFile, allowPrivateNetwork }: Settings, trusted: boolean): ConnectionRules {
  return {
    allowPrivateNetwork: allowPrivateNetwork || trusted,
    ...(proxy === undefined ? {} : { proxy }),
    ...(caFile === undefined ? {} : { caFile }),
  }
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined
  return () => (made ??= make())
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
