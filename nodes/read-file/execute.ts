import { NodeFailure } from '../../model/failure.ts'
import type { Json } from '../../model/json.ts'
import type { Executor } from '../../engine/sdk/executor.ts'
import { parseSettings } from '../../engine/sdk/settings.ts'
import { mimeOf } from './mimeOf.ts'
import { settings } from './spec.ts'

export const execute: Executor = async ({ data, services, signal }) => {
  const { path: asked, as } = parseSettings(settings.evaluated, data)
  const { path, bytes } = await services.files.read(asked, signal)
  const content =
    as === 'blob'
      ? { ...(await services.files.toBlob(bytes, mimeOf(path), path.split('/').at(-1))) }
      : contentOf(bytes, as, path)
  return { output: { path, content, size: bytes.length } }
}

function contentOf(bytes: Uint8Array, as: 'text' | 'json' | 'lines' | 'base64', path: string): Json {
  if (as === 'base64') return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
  const text = decode(bytes, path)
  if (as === 'text') return text
  return as === 'json' ? parseJson(text, path) : linesOf(text)
}

/** A byte order mark is left out. */
function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new NodeFailure('file-not-text', `${path} is not UTF-8 text. Read it as Base64 or as a blob.`, { cause })
  }
}

/** Lines without their ends; a newline at the end of the file starts no further line. */
function linesOf(text: string): string[] {
  if (text === '') return []
  return text.replace(/\r?\n$/, '').split(/\r?\n/)
}

function parseJson(text: string, path: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new NodeFailure('file-bad-json', `${path} is not JSON: ${reason}`, { cause })
  }
}
