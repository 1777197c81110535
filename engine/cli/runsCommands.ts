import { writeFile } from 'node:fs/promises'
import { formatDuration } from '../../model/duration.ts'
import type { RunEvent } from '../../model/events.ts'
import { NodeFailure } from '../../model/failure.ts'
import type { RunSummary } from '../../model/protocol.ts'
import { messageOf } from '../workspace/systemError.ts'
import { openWorkspace } from '../workspace/workspaceFolder.ts'
import { openSession, type EngineSession } from './engineSession.ts'
import { exitCodes, type ExitCode } from './outcome.ts'
import { lineText, RunTree, stateGlyph, stateStyle } from './runTree.ts'
import { formatOutput, printable, type Terminal } from './terminal.ts'

/** `switchyard runs list` */
export function listRuns(terminal: Terminal, folder: string, limit: number): Promise<ExitCode> {
  return withSession(folder, async (session) => {
    const { runs } = await session.request('run.list', { limit })
    if (terminal.isJson) terminal.document({ runs })
    else if (runs.length === 0) terminal.err('No runs in this workspace yet.\n')
    else for (const run of runs) terminal.out(`${summaryLine(run)}\n`)
    return exitCodes.ok
  })
}

/** `switchyard runs show R`: what each node did. */
export function showRun(terminal: Terminal, folder: string, runId: string): Promise<ExitCode> {
  return withSession(folder, async (session) => {
    const { summary, events } = await session.request('run.open', { runId, full: true })
    if (terminal.isJson) terminal.document({ ...summary, events })
    else terminal.out(describeRun(terminal, summary, events))
    return exitCodes.ok
  })
}

/** `switchyard runs export R`: the log, one event per line, that `replay` and a bug report need. */
export function exportRun(
  terminal: Terminal,
  folder: string,
  runId: string,
  file: string | undefined,
): Promise<ExitCode> {
  return withSession(folder, async (session) => {
    const { events } = await session.request('run.open', { runId, full: true })
    const text = events.map((event) => `${JSON.stringify(event)}\n`).join('')
    if (file === undefined) terminal.out(text)
    else await writeNew(file, text)
    return exitCodes.ok
  })
}

/** `switchyard runs replay R`: folds the log again with no effect executed; fails where it comes out differently. */
export function replayRun(terminal: Terminal, folder: string, runId: string): Promise<ExitCode> {
  return withSession(folder, async (session) => {
    const { events, differences, result } = await session.request('run.replay', { runId })
    const { status, output, error, durationMs } = result
    if (terminal.isJson)
      terminal.document({ runId, status, output, ...(error && { error }), durationMs, events, differences })
    else {
      for (const { seq, expected, found } of differences)
        terminal.err(`event ${seq}: recorded ${expected}, now ${found}\n`)
      terminal.err(
        `${events} events, ${differences.length === 0 ? 'the same again' : `${differences.length} differences`}: ${status}\n`,
      )
      if (status === 'completed') terminal.out(`${formatOutput(output)}\n`)
    }
    return differences.length === 0 ? exitCodes.ok : exitCodes.failed
  })
}

/** Never overwrites. Fails as `file-unwritable`. */
async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' })
  } catch (error) {
    throw new NodeFailure('file-unwritable', `"${file}" cannot be written: ${messageOf(error)}`)
  }
}

async function withSession(folder: string, use: (session: EngineSession) => Promise<ExitCode>): Promise<ExitCode> {
  const session = await openSession(await openWorkspace(folder))
  try {
    return await use(session)
  } finally {
    await session.close()
  }
}

function summaryLine(run: RunSummary): string {
  const duration = run.durationMs === undefined ? '' : formatDuration(run.durationMs)
  return [run.runId, run.status.padEnd(9), run.startedAt, duration.padStart(8), printable(run.flow)].join('  ')
}

function describeRun(terminal: Terminal, summary: RunSummary, events: readonly RunEvent[]): string {
  const tree = new RunTree()
  for (const event of events) tree.apply(event)
  const now = Date.parse(events.at(-1)?.at ?? summary.startedAt)
  const lines = tree.lines.map(
    (line) =>
      `${terminal.paint(stateStyle(line.state), stateGlyph(line.state))} ${lineText(line, undefined, now, 200)}\n`,
  )
  const error = summary.error
    ? `${summary.error.node ?? ''} ${summary.error.code}: ${printable(summary.error.message)}\n`
    : ''
  return `${summaryLine(summary)}\n${lines.join('')}${error}`
}
