let lastMs = 0
let lastText = ''

/** ISO 8601 in UTC. Many events fall into one millisecond, and making the text is what costs. */
export function isoTime(ms: number): string {
  if (ms !== lastMs) {
    lastText = new Date(ms).toISOString()
    lastMs = ms
  }
  return lastText
}
