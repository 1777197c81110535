import { NodeFailure } from '../../model/failure.ts'
import type { BlobRef } from '../../model/events.ts'

/** Where blobs lie: the run store. A blob is durable once `putBytes` returns. */
export interface BlobPort {
  /** Keeps bytes and gives their SHA-256 in hex. */
  putBytes(bytes: Uint8Array): string
  readBytes(hash: string): Uint8Array | undefined
}

/** Keeps bytes as a blob and gives the reference that events and settings carry. */
export function keepBlob(blobs: BlobPort, bytes: Uint8Array, mime: string, name?: string): BlobRef {
  return { $blob: blobs.putBytes(bytes), mime, ...(name === undefined ? {} : { name }), size: bytes.length }
}

/** The bytes behind a reference; fails as `blob-missing`. */
export function readBlob(blobs: BlobPort, ref: BlobRef): Uint8Array {
  const bytes = blobs.readBytes(ref.$blob)
  if (bytes === undefined)
    throw new NodeFailure('blob-missing', `The run store has no value ${ref.$blob.slice(0, 12)}….`)
  return bytes
}
