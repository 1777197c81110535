import { isAbsolute } from 'node:path'
import type { EngineParts } from './engineParts.ts'
import { readTextFile, readTextFileIfAny } from '../workspace/textFiles.ts'

/** A flow as requests name it: the document as edited, or the content of its file. */
export interface FlowSource {
  readonly path: string
  readonly text?: string | undefined
  /** `import`: the text holds parts from outside, so it is no gesture in the flow that it was made from. */
  readonly origin?: 'edit' | 'import' | undefined
}

export async function flowText(parts: EngineParts, source: FlowSource): Promise<string> {
  return source.text ?? (await readTextFile(parts.workspace, source.path)).text
}

/**
 * Whether a flow may run with services. An edit that is not journaled yet counts as the gesture it is, if what it was
 * made from is trusted: the draft over the file's present content, else that content.
 */
export async function isTrustedSource(parts: EngineParts, source: FlowSource, text: string): Promise<boolean> {
  if (await parts.trust.isTrusted(source.path, text)) return true
  if (source.text === undefined || source.origin === 'import') return false
  if (isAbsolute(source.path)) return false
  const file = await readTextFileIfAny(parts.workspace, source.path)
  const draft = await parts.drafts.load(source.path)
  if (draft?.base === (file?.hash ?? null)) return parts.trust.isTrusted(source.path, draft.text)
  return file !== undefined && parts.trust.isTrusted(source.path, file.text)
}
