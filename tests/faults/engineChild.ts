import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile } from '../../engine/compile/compile.ts'
import { loadKinds } from '../../engine/kinds.ts'
import { createRunHost } from '../../engine/run/createRunHost.ts'
import type { FailPoint } from '../../engine/run/failPoint.ts'
import type { Decision, RunHost } from '../../engine/run/runHost.ts'
import { systemClock } from '../../engine/services/clock.ts'
import { createIds } from '../../engine/services/ids.ts'
import { createOutsideServices } from '../../engine/services/outsideServices.ts'
import { createSandbox } from '../../engine/services/sandbox.ts'
import { readSecretsFrom } from '../../engine/services/secretReader.ts'
import { RunStore } from '../../engine/store/runStore.ts'
import { parseFlow } from '../../model/flowFile.ts'
import { settingsSchema } from '../../model/protocol.ts'

/**
 * An engine to be killed. `workspace run FLOW` starts a flow, `workspace resume` drives on what is unfinished,
 * `workspace resolve RUN NODE DECISION` answers first. Prints a line per committed event and, at the end,
 * `result JSON` per run. SWITCHYARD_FAILPOINT=name:n kills it at the n-th passing of that point.
 */
const [workspace = '', mode, ...args] = process.argv.slice(2)
const kinds = loadKinds()
const store = new RunStore(join(workspace, '.switchyard'))
const host = createRunHost({
  store,
  kinds,
  services: createOutsideServices({
    workspace,
    settings: () => Promise.resolve(settingsSchema.parse({})),
    secrets: readSecretsFrom({ get: () => Promise.resolve(undefined) }),
    blobs: store,
    environment: process.env,
  }).forRun,
  sandbox: createSandbox(),
  clock: systemClock,
  ids: createIds(),
  random: Math.random,
  environment: process.env,
  onFatal: (error) => {
    process.stdout.write(`fatal ${error.message}\n`, () => process.exit(9))
  },
  ...failPointFrom(process.env['SWITCHYARD_FAILPOINT']),
})
host.subscribe({ events: (events) => process.stdout.write(events.map((event) => `event ${event.type}\n`).join('')) })

for (const runId of await drive(host)) {
  process.stdout.write(`result ${JSON.stringify(await host.settled(runId))}\n`)
}
await host.close()
process.stdout.write('', () => process.exit(0))

async function drive(runs: RunHost): Promise<string[]> {
  if (mode === 'run') return [await start(runs, args[0] ?? '')]
  const ids = await runs.resumeRuns()
  if (mode === 'resolve') await runs.resolveNode(args[0] ?? '', args[1] ?? '', JSON.parse(args[2] ?? '') as Decision)
  return ids
}

function start(runs: RunHost, file: string): Promise<string> {
  const flowText = readFileSync(file, 'utf8')
  const { flow } = parseFlow(flowText, file)
  const { machine } = flow ? compile(flow, kinds.specs, file) : {}
  if (!machine) throw new Error('the flow of the test does not compile')
  return runs.startRun({ machine, flowPath: 'case.flow.json', flowText, input: {}, trusted: true })
}

function failPointFrom(setting: string | undefined): { failPoint?: FailPoint } {
  if (setting === undefined) return {}
  const [wanted, count] = setting.split(':')
  let left = Number(count ?? 1)
  return {
    failPoint: (name) => {
      if (name === wanted && --left === 0) process.kill(process.pid, 'SIGKILL')
    },
  }
}
