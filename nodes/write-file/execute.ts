import { NodeFailure } from '../../model/failure.ts'
import type { BlobRef } from '../../model/events.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { isJsonObject } from '../../model/json.ts'
import type { Executor } from '../../engine/sdk/executor.ts'
import type { FilesService } from '../../engine/sdk/services.ts'
import { parseSettings } from '../../engine/sdk/settings.ts'
import { settings } from './spec.ts'

export const execute: Executor = async ({ data, services, signal }) => {
  const { path, content, mode, encoding } = parseSettings(settings.evaluated, data)
  const bytes = await bytesOf(content, encoding, services.files)
  const written = await services.files.write(path, bytes, mode, signal)
  return { output: { path: written.path, size: written.size } }
}

/** Text as UTF-8, blobs as their bytes, null as nothing, numbers as they are; else indented JSON and a final newline. */
async function bytesOf(content: Json, encoding: 'text' | 'base64', files: FilesService): Promise<Uint8Array> {
  if (isBlobRef(content)) return files.fromBlob(content)
  if (encoding === 'base64') return fromBase64(content)
  return new TextEncoder().encode(textOf(content))
}

function textOf(content: Json): string {
  if (content === null) return ''
  return typeof content === 'object' ? `${JSON.stringify(content, null, 2)}\n` : String(content)
}

function fromBase64(content: Json): Uint8Array {
  if (typeof content !== 'string' || !/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(content)) {
    throw new NodeFailure('bad-setting', 'Setting "content" must be Base64 text, because "encoding" says so.', {
      details: { field: 'data.content' },
    })
  }
  return Buffer.from(content, 'base64')
}

function isBlobRef(value: Json): value is BlobRef & JsonObject {
  return isJsonObject(value) && typeof value['$blob'] === 'string' && typeof value['size'] === 'number'
}
