import { createHash } from 'node:crypto'
import type { BlobPort } from '../../engine/services/blobPort.ts'

/** Blobs in memory, with the hashes that the run store gives. */
export function memoryBlobs(): BlobPort {
  const kept = new Map<string, Uint8Array>()
  return {
    putBytes(bytes) {
      const hash = createHash('sha256').update(bytes).digest('hex')
      kept.set(hash, bytes)
      return hash
    },
    readBytes: (hash) => kept.get(hash),
  }
}
