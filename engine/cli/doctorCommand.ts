import { access, constants } from 'node:fs/promises'
import { NodeFailure } from '../../model/failure.ts'
import { connectEngine } from '../api/connectEngine.ts'
import { loadFlow } from '../api/loadFlow.ts'
import { loadKinds } from '../kinds.ts'
import { FileSecretStore } from '../settings/secretStore.ts'
import { SettingsFile } from '../settings/settingsFile.ts'
import { listFlowFiles } from '../workspace/flowFiles.ts'
import { packageVersion } from '../workspace/packageFolder.ts'
import { readTextFile } from '../workspace/textFiles.ts'
import { openWorkspace, type WorkspaceFolder } from '../workspace/workspaceFolder.ts'
import { openSession } from './engineSession.ts'
import { exitCodes, type ExitCode } from './outcome.ts'
import type { Terminal } from './terminal.ts'

interface Check {
  readonly name: string
  readonly ok: boolean
  readonly message: string
}

/** `switchyard doctor`: looks at program, workspace, store, settings and flows; executes none of them. */
export async function doctorCommand(terminal: Terminal, folder: string): Promise<ExitCode> {
  const workspace = await openWorkspace(folder)
  const checks = [
    { name: 'program', ok: true, message: `Switchyard ${packageVersion()} on Node ${process.versions.node}` },
    await check('workspace', () => checkWorkspace(workspace)),
    await check('engine', () => checkEngine(workspace)),
    await check('runs', () => checkRuns(workspace)),
    await check('settings', () => checkSettings(workspace)),
    await check('flows', () => checkFlows(workspace)),
  ]
  const isWell = checks.every(({ ok }) => ok)
  if (terminal.isJson)
    terminal.document(isWell ? { checks } : { checks, diagnostics: checks.filter(({ ok }) => !ok).map(toDiagnostic) })
  else for (const { name, ok, message } of checks) terminal.out(`${ok ? '✓' : '✗'} ${name.padEnd(9)} ${message}\n`)
  return isWell ? exitCodes.ok : exitCodes.bad
}

/** Expected failures are findings; anything else is a bug of the doctor. */
async function check(name: string, look: () => Promise<string>): Promise<Check> {
  try {
    return { name, ok: true, message: await look() }
  } catch (error) {
    if (error instanceof NodeFailure) return { name, ok: false, message: error.message }
    throw error
  }
}

async function checkWorkspace({ root }: WorkspaceFolder): Promise<string> {
  await access(root, constants.R_OK | constants.W_OK).catch((cause: unknown) => {
    throw new NodeFailure('workspace-unwritable', `${root} cannot be written by this user.`, { cause })
  })
  return root
}

async function checkEngine(workspace: WorkspaceFolder): Promise<string> {
  const socket = await connectEngine(workspace)
  socket?.destroy()
  return socket ? 'an engine is running and answers' : 'no engine is running; commands start their own'
}

async function checkRuns(workspace: WorkspaceFolder): Promise<string> {
  const session = await openSession(workspace)
  try {
    const { runs } = await session.request('run.list', { limit: 1000 })
    const open = runs.filter(({ status }) => status === 'running' || status === 'waiting').length
    return `${runs.length} runs, ${open} of them unfinished`
  } finally {
    await session.close()
  }
}

async function checkSettings(workspace: WorkspaceFolder): Promise<string> {
  const settings = new SettingsFile(workspace)
  const providers = Object.keys((await settings.read()).providers)
  const found =
    providers.length > 0
      ? `providers ${providers.join(', ')}`
      : 'no providers set up; OPENAI_API_KEY and a local Ollama work without'
  const ignored = [
    ...((await settings.isFromElsewhere()) ? ['settings.json'] : []),
    ...((await new FileSecretStore(workspace, {}).isFromElsewhere()) ? ['secrets.json'] : []),
  ]
  if (ignored.length === 0) return found
  return `${found}; ${ignored.join(' and ')} came here from another folder and count for nothing: enter them again`
}

async function checkFlows(workspace: WorkspaceFolder): Promise<string> {
  const { specs } = loadKinds()
  const files = await listFlowFiles(workspace)
  const bad: string[] = []
  for (const { path } of files) {
    const { machine } = loadFlow((await readTextFile(workspace, path)).text, specs, path)
    if (!machine) bad.push(path)
  }
  if (bad.length > 0)
    throw new NodeFailure('bad-flows', `${bad.length} of ${files.length} flows have errors: ${bad.join(', ')}`)
  return `${files.length} flows, all valid`
}

function toDiagnostic({ name, message }: Check): { code: string; severity: 'error'; message: string; file: string } {
  return { code: `doctor-${name}`, severity: 'error', message, file: '' }
}
