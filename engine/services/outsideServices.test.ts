import { afterEach, beforeEach, expect, it } from 'vitest'
import { settingsSchema } from '../../model/protocol.ts'
import { json, startHttpServer, type TestServer } from '../../tests/support/httpServer.ts'
import { memoryBlobs } from '../../tests/support/memoryBlobs.ts'
import { startScriptedModel } from '../../tests/support/openaiServer.ts'
import { recordProgress } from '../../tests/support/recordProgress.ts'
import { tempFolder, type TempFolder } from '../../tests/support/tempFolder.ts'
import { createOutsideServices, type OutsideServicesMaker } from './outsideServices.ts'
import { readSecretsFrom } from './secretReader.ts'

const calm = new AbortController().signal
let workspace: TempFolder
let beside: TempFolder
let server: TestServer
let settings = settingsSchema.parse({})
let maker: OutsideServicesMaker

beforeEach(async () => {
  workspace = await tempFolder({ 'flows/data/a.csv': 'in' })
  beside = await tempFolder({ 'flow.flow.json': '{}', 'data/b.csv': 'out' })
  server = await startHttpServer({ '/': json('ok') })
  settings = settingsSchema.parse({})
  const secrets = readSecretsFrom({ get: async () => undefined })
  maker = createOutsideServices({
    workspace: workspace.path,
    settings: async () => settings,
    secrets,
    blobs: memoryBlobs(),
    environment: { PATH: process.env['PATH'] },
  })
})

afterEach(async () => {
  await maker.close()
  await Promise.all([workspace.remove(), beside.remove(), server.close()])
})

const request = (url: string) => ({ method: 'GET', url, headers: {} })
const run = (flowPath: string, trusted: boolean) => maker.forRun({ runId: 'r1', flowPath, trusted })

it('reads data that lies beside the flow, wherever the flow lies', async () => {
  expect((await run('flows/x.flow.json', true).files.read('data/a.csv', calm)).path).toBe('flows/data/a.csv')
  expect((await run(beside.at('flow.flow.json'), true).files.read('data/b.csv', calm)).path).toBe('data/b.csv')
  await expect(run('gone/x.flow.json', true).files.read('data/b.csv', calm)).rejects.toMatchObject({
    code: 'file-not-found',
  })
})

it('reaches this machine for a trusted run, or where the settings allow it', async () => {
  await expect(run('x', false).http.request(request(server.url), calm)).rejects.toMatchObject({
    code: 'http-refused-address',
  })
  expect((await run('x', true).http.request(request(server.url), calm)).status).toBe(200)
  settings = settingsSchema.parse({ allowPrivateNetwork: true })
  expect((await run('x', false).http.request(request(server.url), calm)).status).toBe(200)
})

it('runs programs and asks models by the settings of the moment', async () => {
  await using model = await startScriptedModel([{ text: 'hi' }])
  settings = settingsSchema.parse({ defaultModel: 'lab/m', providers: { lab: { baseURL: model.baseURL } } })
  const services = run('x', true)
  expect((await services.shell.run({ command: ['pwd'] }, calm, recordProgress())).stdout.trim()).toBe(workspace.path)
  expect(
    (await services.model.chat({ messages: [{ role: 'user', content: 'hello' }] }, calm, recordProgress())).text,
  ).toBe('hi')
})
