import type { ExecutorCall } from '../../engine/sdk/executor.ts'
import type { Services } from '../../engine/sdk/services.ts'
import type { LogLevel } from '../../model/events.ts'
import type { Json } from '../../model/json.ts'
import { recordProgress, type RecordedProgress } from './recordProgress.ts'

export interface TestCall extends ExecutorCall {
  readonly progress: RecordedProgress
  readonly logged: readonly { level: LogLevel; message: string }[]
}

interface CallOptions {
  readonly prev?: Json
  /** Services the kind is granted; touching another one throws. */
  readonly services?: Partial<Services>
  readonly signal?: AbortSignal
  readonly key?: string
  readonly attempt?: number
  readonly scope?: ExecutorCall['scope']
}

/** The call by which the scheduler would run an executor over these evaluated settings. */
export function executorCall(data: Record<string, unknown>, options: CallOptions = {}): TestCall {
  const logged: { level: LogLevel; message: string }[] = []
  return {
    data,
    prev: options.prev ?? null,
    services: onlyGranted(options.services ?? {}),
    signal: options.signal ?? new AbortController().signal,
    key: options.key ?? 'run1/node#1',
    attempt: options.attempt ?? 1,
    progress: recordProgress(),
    log: (level, message) => void logged.push({ level, message }),
    logged,
    ...(options.scope === undefined ? {} : { scope: options.scope }),
  }
}

function onlyGranted(services: Partial<Services>): Services {
  return new Proxy(services, {
    get(target, name) {
      const service: unknown = Reflect.get(target, name)
      if (service === undefined) throw new Error(`service-not-granted: ${String(name)}`)
      return service
    },
  }) as Services
}
