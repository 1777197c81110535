import type { ProgressMessage } from '../../model/events.ts'
import type { Progress } from '../sdk/executor.ts'
import type { Clock, ClockTimer } from '../services/clock.ts'
import type { Target } from './commands.ts'

/** Least time between two messages about one node, in milliseconds. */
const intervalMs = 50

type Draft = { -readonly [K in keyof ProgressMessage]: ProgressMessage[K] }

/** Gathers what running nodes report, so that a stream of tokens becomes one message per node and 50 ms. */
export class ProgressBuffer {
  readonly #clock: Clock
  readonly #send: (messages: readonly ProgressMessage[]) => void
  #drafts = new Map<string, Draft>()
  #timer: ClockTimer | undefined

  constructor(clock: Clock, send: (messages: readonly ProgressMessage[]) => void) {
    this.#clock = clock
    this.#send = send
  }

  /** Where one attempt reports to. */
  reporter(runId: string, { node, visit }: Target): Progress {
    return {
      text: (delta) => {
        const draft = this.#draft(runId, node, visit)
        draft.text = (draft.text ?? '') + delta
      },
      status: (line) => {
        this.#draft(runId, node, visit).status = line
      },
    }
  }

  flush(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    const drafts = this.#drafts
    this.#drafts = new Map()
    if (drafts.size > 0) this.#send([...drafts.values()])
  }

  #draft(runId: string, node: string, visit: number): Draft {
    const key = `${runId}/${node}#${String(visit)}`
    const draft = this.#drafts.get(key) ?? { runId, node, visit }
    this.#drafts.set(key, draft)
    this.#timer ??= this.#clock.at(this.#clock.now() + intervalMs, () => this.flush())
    return draft
  }
}
