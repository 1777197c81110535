import type { RunHost } from '../../engine/run/runHost.ts'
import type { RunEvent } from '../../model/events.ts'

/** Resolves with the first committed event that fits, past ones included. */
export function awaitEvent(host: RunHost, runId: string, fits: (event: RunEvent) => boolean): Promise<RunEvent> {
  return new Promise((resolve) => {
    const stop = host.subscribe({ events: (events) => look(events.filter((event) => event.runId === runId)) })
    const look = (events: readonly RunEvent[]): void => {
      const found = events.find(fits)
      if (!found) return
      stop()
      resolve(found)
    }
    look(host.readRun(runId).events)
  })
}

/** The events of a type, as `type node` lines. */
export function linesOf(events: readonly RunEvent[], ...types: RunEvent['type'][]): string[] {
  return events
    .filter((event) => types.length === 0 || types.includes(event.type))
    .map((event) => ('node' in event ? `${event.type} ${event.node}#${String(event.visit)}` : event.type))
}
