import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Json, JsonObject } from '../../model/json.ts'
import { switchyard } from './runFlow.ts'
import { tempFolder, type TempFolder } from './tempFolder.ts'

/** Root of the repository, where a person stands who has just cloned it. */
export const projectRoot = fileURLToPath(new URL('../..', import.meta.url))

export interface TemplateRun {
  readonly exit: number | null
  readonly status: Json | undefined
  readonly output: JsonObject
  readonly error: JsonObject | undefined
  /** The workspace, empty before the run unless one was given. */
  readonly folder: TempFolder
  /** Text of a file of the workspace. */
  text(path: string): Promise<string>
}

export interface TemplateRunOptions {
  readonly input?: Readonly<Record<string, Json>>
  readonly env?: Record<string, string>
  readonly folder?: TempFolder
}

/** Runs a shipped template unattended, as its README says, over a workspace that is empty. */
export async function runTemplate(name: string, options: TemplateRunOptions = {}): Promise<TemplateRun> {
  const folder = options.folder ?? (await tempFolder())
  const inputs = Object.entries(options.input ?? {}).flatMap(([key, value]) => [
    '--input',
    `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  ])
  const file = `templates/${name}/${name}.flow.json`
  // No key of the machine that runs the tests may reach a model.
  const env = { OPENAI_API_KEY: '', OPENAI_BASE_URL: '', ...options.env }
  const done = await switchyard(['run', file, '--trust', '--json', '--workspace', folder.path, ...inputs], {
    cwd: projectRoot,
    env,
  })
  const result = parseResult(done.stdout, done.stderr)
  return {
    exit: done.exit,
    status: result['status'],
    output: objectOr(result['output']) ?? {},
    error: objectOr(result['error']),
    folder,
    text: (path) => readFile(folder.at(path), 'utf8'),
  }
}

function parseResult(stdout: string, stderr: string): JsonObject {
  const result = objectOr(JSON.parse(stdout) as Json)
  if (!result) throw new Error(`no result: ${stdout}${stderr}`)
  return result
}

function objectOr(value: Json | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
}
