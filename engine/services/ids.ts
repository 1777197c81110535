import { monotonicFactory } from 'ulidx'

/** Makes ids of runs: 26 characters, sortable by time, unique on this machine. */
export type NewId = () => string

/** ULIDs that ascend even within one millisecond. */
export function createIds(): NewId {
  const next = monotonicFactory()
  return () => next()
}
