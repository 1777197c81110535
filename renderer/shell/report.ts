import { toast } from 'sonner'
import { errorSentence } from '../engineClient.ts'
import { EngineError } from '../transport/messages.ts'

/**
 * Starts work whose failure a person must see: `doing` completes the sentence "Could not …". A lost connection is not
 * repeated here, because the window says so already.
 */
export function attempt(doing: string, work: () => Promise<unknown>): void {
  work().catch((error: unknown) => {
    reportFailure(doing, error)
  })
}

/** Says in a toast what could not be done and why. */
export function reportFailure(doing: string, error: unknown): void {
  if (error instanceof EngineError && error.code === 'engine-lost') return
  if (!(error instanceof EngineError)) console.error(doing, error)
  toast.error(`Could not ${doing}`, { description: errorSentence(error) })
}
