import { HttpConnections } from '../../engine/services/httpConnections.ts'
import { createModelService } from '../../engine/services/modelService.ts'
import { readSecretsFrom } from '../../engine/services/secretReader.ts'
import type { ModelService } from '../../engine/sdk/services.ts'
import { settingsSchema } from '../../model/protocol.ts'
import { startScriptedModel, type ScriptedModel } from './openaiServer.ts'

export interface ScriptedService extends AsyncDisposable {
  readonly model: ModelService
  readonly server: ScriptedModel
}

/** The real model service over a scripted server, reached as provider `lab` and as the default model `lab/test-model`. */
export async function scriptedModelService(...script: Parameters<typeof startScriptedModel>): Promise<ScriptedService> {
  const server = await startScriptedModel(...script)
  const connections = new HttpConnections()
  const settings = settingsSchema.parse({
    defaultModel: 'lab/test-model',
    providers: { lab: { baseURL: server.baseURL } },
  })
  const secrets = readSecretsFrom({ get: async () => undefined })
  const model = createModelService({ connections, settings: async () => settings, secrets, environment: {} })
  const close = async (): Promise<void> => {
    await connections.close()
    await server.close()
  }
  return { model, server, [Symbol.asyncDispose]: close }
}
