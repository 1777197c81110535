import type { Usage } from '../../model/events.ts'

/** Groups digits. */
const narrow = '\u202f'
/** Binds a unit to its number. */
const bound = '\u00a0'

/** `3 840`: digits in groups of three. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, narrow)
}

/** `$0.0041`: at least two figures that mean something, never more than four decimals of noise. */
export function formatCost(dollars: number): string {
  if (dollars === 0) return '$0'
  if (dollars < 0.0001) return '< $0.0001'
  return `$${dollars.toFixed(dollars < 1 ? 4 : 2)}`
}

/** `18 KB`, `1.4 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes}${bound}B`
  const units = ['KB', 'MB', 'GB']
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3))
  const amount = bytes / 1000 ** power
  return `${amount < 10 ? amount.toFixed(1) : Math.round(amount)}${bound}${units[power - 1] ?? 'B'}`
}

/** `3 840 tokens`, with the cost where it is known. */
export function formatUsage(usage: Usage): string {
  const tokens = usage.inputTokens + usage.outputTokens
  const parts = [`${formatCount(tokens)}${bound}${tokens === 1 ? 'token' : 'tokens'}`]
  if (usage.cost !== undefined) parts.unshift(formatCost(usage.cost))
  return parts.join(' · ')
}

/** `1 node`, `7 nodes`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}

/** The local time of an ISO instant: `09:41:20`. */
export function formatTime(at: string): string {
  return new Date(at).toLocaleTimeString(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  })
}

/** How long ago, for lists: `just now`, `4 min ago`, `3 h ago`, then the date. `now` in milliseconds. */
export function formatAgo(at: string, now: number): string {
  const seconds = (now - Date.parse(at)) / 1000
  if (seconds < 45) return 'just now'
  if (seconds < 3600) return `${Math.round(seconds / 60)} min ago`
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`
  return new Date(at).toLocaleDateString(undefined, { day: 'numeric', month: 'short', year: 'numeric' })
}

/** The exact local time, for hovering. */
export function formatExact(at: string): string {
  return new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' })
}
