import { realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import { NodeFailure } from '../../model/failure.ts'
import { systemCode } from '../workspace/systemError.ts'
import { readTextAt } from '../workspace/textFiles.ts'
import { relativePath, type WorkspaceFolder } from '../workspace/workspaceFolder.ts'
import { refusal } from './outcome.ts'

/** A flow named on the command line. */
export interface FlowArgument {
  /** As the person wrote it: names the file in diagnostics. */
  readonly shown: string
  readonly text: string
  readonly real: string
}

/** Reads a flow file, relative to the current folder. Refuses what cannot be read. */
export async function readFlowArgument(shown: string): Promise<FlowArgument> {
  try {
    const real = await realpath(resolve(shown))
    return { shown, real, text: (await readTextAt(real, shown)).text }
  } catch (error) {
    if (error instanceof NodeFailure) throw refusal('file-unreadable', error.message, shown)
    const code = systemCode(error)
    if (code !== undefined) throw refusal('file-unreadable', describe(shown, code), shown)
    throw error
  }
}

/**
 * The flow as a request names it. A file of the workspace goes without its text: the engine reads the file itself, so
 * that a change from outside is never taken for an edit in a window.
 */
export function flowSourceOf(flow: FlowArgument, workspace: WorkspaceFolder): { path: string; text?: string } {
  const path = relativePath(workspace, flow.real)
  return path === undefined ? { path: flow.real, text: flow.text } : { path }
}

function describe(shown: string, code: string): string {
  if (code === 'ENOENT' || code === 'ENOTDIR') return `There is no file "${shown}".`
  if (code === 'EACCES') return `"${shown}" may not be read by this user.`
  return `"${shown}" cannot be read (${code}).`
}
