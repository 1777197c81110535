/** Times of repeated executions, in milliseconds. */
export interface Sample {
  readonly median: number
  readonly best: number
  readonly samples: number
}

export interface Budget {
  /** Milliseconds to spend on samples, at least three of which are taken. */
  readonly total: number
  readonly warmUp: number
}

export const defaultBudget: Budget = { total: 1200, warmUp: 500 }

/**
 * Times `work`: warms it up until the compiler has settled, repeats it inside one sample until a sample lasts 5 ms, and
 * takes samples for the length of the budget.
 */
export async function measure(work: () => Promise<unknown>, budget: Budget = defaultBudget): Promise<Sample> {
  const once = await warmUp(work, budget.warmUp)
  const inner = Math.max(1, Math.ceil(5 / Math.max(once, 0.001)))
  const times: number[] = []
  const end = performance.now() + budget.total
  while (times.length < 3 || performance.now() < end) {
    const started = performance.now()
    for (let i = 0; i < inner; i++) await work()
    times.push((performance.now() - started) / inner)
  }
  return { median: median(times), best: Math.min(...times), samples: times.length }
}

/** Gives the time of the last execution. */
async function warmUp(work: () => Promise<unknown>, length: number): Promise<number> {
  const end = performance.now() + length
  let last = 0
  do {
    const started = performance.now()
    await work()
    last = performance.now() - started
  } while (performance.now() < end)
  return last
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}
