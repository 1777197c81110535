import type { LogLevel, RunEvent } from '../../model/events.ts'

/** One line of a run's log, for people. */
export interface LogLine {
  readonly seq: number
  readonly at: string
  readonly level: LogLevel
  /** Node path; undefined for what concerns the whole run. */
  readonly node: string | undefined
  readonly text: string
}

/** What a run wrote, and the turns it took: starts and ends of nodes are left to the timeline. */
export function logLines(events: readonly RunEvent[]): readonly LogLine[] {
  return events.flatMap((event) => {
    const told = tell(event)
    return told
      ? [
          {
            seq: event.seq,
            at: event.at,
            node: 'node' in event ? event.node : undefined,
            level: told[0],
            text: told[1],
          },
        ]
      : []
  })
}

function tell(event: RunEvent): readonly [LogLevel, string] | undefined {
  switch (event.type) {
    case 'log':
      return [event.level, event.message]
    case 'run.started':
      return ['info', event.only === undefined ? 'Run started' : `Run of ${event.only} alone started`]
    case 'run.finished':
      return ['info', 'Run completed']
    case 'run.failed':
      return ['error', `Run failed: ${event.error.message}`]
    case 'run.cancelled':
      return ['warn', `Run stopped${event.reason === undefined ? '' : `: ${event.reason}`}`]
    case 'run.waiting':
      return ['info', `Run waits on ${event.on.join(', ')}`]
    case 'run.repaired':
      return ['warn', `Run repaired${event.cause === undefined ? '' : `: ${event.cause}`}`]
    case 'node.failed':
      return [event.port === undefined ? 'error' : 'warn', `${event.error.code}: ${event.error.message}`]
    case 'node.retrying':
      return ['warn', `Attempt ${event.attempt - 1} failed (${event.error.code}), trying again: ${event.error.message}`]
    case 'node.unknown':
      return ['error', 'The effect began and nothing tells whether it happened. A person has to say.']
    case 'signal.received':
      return ['info', `Signal ${event.name} received`]
    default:
      return undefined
  }
}
