import type { Progress } from '../../engine/sdk/executor.ts'

export interface RecordedProgress extends Progress {
  readonly texts: readonly string[]
  readonly statuses: readonly string[]
}

/** Keeps what is reported; `onText` is called after each text. */
export function recordProgress(onText?: (delta: string) => void): RecordedProgress {
  const texts: string[] = []
  const statuses: string[] = []
  return {
    texts,
    statuses,
    text(delta) {
      texts.push(delta)
      onText?.(delta)
    },
    status: (line) => void statuses.push(line),
  }
}
