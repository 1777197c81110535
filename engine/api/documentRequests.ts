import type { EngineApi } from './engineApi.ts'
import type { EngineParts } from './engineParts.ts'
import { listFlowFiles } from '../workspace/flowFiles.ts'
import { readTextFile, readTextFileIfAny, writeTextFile } from '../workspace/textFiles.ts'
import { insidePath, relativePath } from '../workspace/workspaceFolder.ts'
import { NodeFailure } from '../../model/failure.ts'
import { protocolVersion } from '../../model/protocol.ts'

type DocumentRequests = Pick<
  EngineApi,
  | 'engine.hello'
  | 'workspace.files'
  | 'file.read'
  | 'file.write'
  | 'draft.save'
  | 'draft.load'
  | 'draft.drop'
  | 'draft.list'
>

/** Files of the workspace and the edit journal. A save or a draft is a gesture: trust follows it. */
export function documentRequests(parts: EngineParts): DocumentRequests {
  const { workspace, drafts } = parts
  return {
    'engine.hello': async ({ protocol }) => {
      if (protocol !== protocolVersion) throw protocolMismatch(protocol)
      parts.windowOpened()
      return {
        protocol: protocolVersion,
        version: parts.version,
        workspace: workspace.root,
        host: parts.host,
        secretStore: parts.secrets.kind,
      }
    },
    'workspace.files': async () => ({ files: await listFlowFiles(workspace) }),
    'file.read': ({ path }) => readTextFile(workspace, path),
    'file.write': async ({ path, text, expected, origin }) => {
      const name = await knownPath(parts, path)
      const before = await textBefore(parts, name, expected)
      const written = await writeTextFile(workspace, path, text, expected)
      await follow(parts, name, { before, text, base: expected, origin })
      return written
    },
    'draft.save': async ({ path, text, label, base, origin }) => {
      const name = await knownPath(parts, path)
      const before = await textBefore(parts, name, base)
      const savedAt = new Date(parts.now()).toISOString()
      await drafts.save({ path: name, text, label, base }, savedAt)
      await follow(parts, name, { before, text, base, origin })
      return { savedAt }
    },
    'draft.load': async ({ path }) => {
      const draft = await drafts.load(await knownPath(parts, path))
      return {
        draft: draft ? { text: draft.text, label: draft.label, base: draft.base, savedAt: draft.savedAt } : null,
      }
    },
    'draft.drop': async ({ path }) => {
      await drafts.drop(await knownPath(parts, path))
      return {}
    },
    'draft.list': async () => ({ drafts: (await drafts.list()).map(({ path, savedAt }) => ({ path, savedAt })) }),
  }
}

interface Gesture {
  readonly before: string | undefined
  readonly text: string
  readonly base: string | null
  readonly origin: 'edit' | 'import' | undefined
}

/**
 * Lets trust follow a gesture. A flow is created here only where the window too says that there was nothing: where it
 * began from a file that is gone, nobody knows whether that was trusted.
 */
async function follow(parts: EngineParts, path: string, { before, text, base, origin }: Gesture): Promise<void> {
  const isKnown = before !== undefined || base === null
  if (origin !== 'import' && isKnown) await parts.trust.follow(path, before, text)
}

/** The path in the one form under which drafts and trust know it. */
async function knownPath(parts: EngineParts, path: string): Promise<string> {
  return relativePath(parts.workspace, await insidePath(parts.workspace, path)) ?? path
}

/**
 * The text that an edit began from: the draft made over the same file content, else that content. A file that
 * holds something else than the editor saw counts as it is; where it is gone, the draft does. Undefined where there is
 * nothing yet.
 */
export async function textBefore(parts: EngineParts, path: string, base: string | null): Promise<string | undefined> {
  const draft = await parts.drafts.load(path)
  if (draft?.base === base) return draft.text
  return (await readTextFileIfAny(parts.workspace, path))?.text ?? draft?.text
}

function protocolMismatch(asked: number): NodeFailure {
  return new NodeFailure(
    'protocol-mismatch',
    `The engine speaks protocol ${protocolVersion}, the window ${asked}. Close all windows and start again.`,
  )
}
