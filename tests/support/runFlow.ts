import { spawn } from 'node:child_process'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Json, JsonObject } from '../../model/json.ts'

/** The command line under test: this folder's, or one that is installed elsewhere. */
export const bin = process.env['SWITCHYARD_BIN'] ?? fileURLToPath(new URL('../../bin/switchyard.mjs', import.meta.url))

/** What a command printed and how it ended. */
export interface CommandResult {
  readonly exit: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the installed command line as a person would, in a process of its own. */
export function switchyard(
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...args], {
      cwd: options.cwd ?? tmpdir(),
      env: { ...process.env, NO_COLOR: '1', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', reject)
    child.on('close', (exit) => resolve({ exit, stdout, stderr }))
  })
}

/** A flow file's content with the fields every case repeats filled in. */
export function flowText(nodes: JsonObject, edges: readonly string[], more: JsonObject = {}): string {
  return JSON.stringify({ format: 'switchyard.flow/1', name: 'Case', ...more, nodes, edges: [...edges] }, null, 2)
}

/** A new empty workspace with one flow in it. */
export async function workspaceWith(text: string, name = 'case.flow.json'): Promise<{ dir: string; file: string }> {
  const dir = await mkdtemp(join(tmpdir(), 'switchyard-case-'))
  const file = join(dir, name)
  await writeFile(file, text)
  return { dir, file }
}

/** One event line of `run --events`, as an outside reader sees it. */
export interface EventLine extends JsonObject {
  runId: string
  seq: number
  at: string
  type: string
}

/** Runs a flow text with `--json` and gives the parsed document with the exit code. */
export async function runJson(
  text: string,
  args: readonly string[] = [],
): Promise<{ exit: number | null; result: JsonObject; stderr: string; dir: string }> {
  const { dir, file } = await workspaceWith(text)
  const done = await switchyard(['run', file, '--json', '--workspace', dir, ...args])
  return { exit: done.exit, result: parseObject(done), stderr: done.stderr, dir }
}

/** Runs a flow text with `--events` and gives the events with the exit code. */
export async function runEvents(
  text: string,
  args: readonly string[] = [],
): Promise<{ exit: number | null; events: EventLine[]; dir: string }> {
  const { dir, file } = await workspaceWith(text)
  const done = await switchyard(['run', file, '--events', '--workspace', dir, ...args])
  const lines = done.stdout.split('\n').filter((line) => line !== '')
  return { exit: done.exit, events: lines.map((line) => JSON.parse(line) as EventLine), dir }
}

/** Diagnostics of a flow text, by `validate --json`. */
export async function validateJson(
  text: string,
): Promise<{ exit: number | null; codes: string[]; diagnostics: JsonObject[] }> {
  const { dir, file } = await workspaceWith(text)
  const done = await switchyard(['validate', file, '--json', '--workspace', dir])
  const diagnostics = parseObject(done)['diagnostics'] as JsonObject[]
  return { exit: done.exit, codes: diagnostics.map((d) => String(d['code'])), diagnostics }
}

function parseObject(done: CommandResult): JsonObject {
  try {
    return JSON.parse(done.stdout) as JsonObject
  } catch (cause) {
    throw new Error(`not one JSON document (exit ${String(done.exit)}): ${done.stdout}\n${done.stderr}`, { cause })
  }
}

/** The nodes of the events of one type, in log order. */
export function nodesOf(events: readonly EventLine[], type: string): Json[] {
  return events.filter((event) => event.type === type).map((event) => event['node'] ?? null)
}
