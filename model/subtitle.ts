/** Characters of mono text that fit on a card's second line. */
export const subtitleLength = 26

/** Shortens a text in the middle, so that both its beginning and its end stay readable. */
export function shortenMiddle(text: string, length = subtitleLength): string {
  if (text.length <= length) return text
  const tail = Math.floor((length - 1) / 2)
  return `${text.slice(0, length - 1 - tail)}…${text.slice(text.length - tail)}`
}

/** Shortens a path by leaving out folders from its middle: `src/…/deep/file.ts`. */
export function shortenPath(path: string, length = subtitleLength): string {
  if (path.length <= length) return path
  const parts = path.split('/')
  for (let dropped = 1; dropped < parts.length - 1; dropped += 1) {
    const kept = [...parts.slice(0, 1), '…', ...parts.slice(1 + dropped)].join('/')
    if (kept.length <= length) return kept
  }
  return shortenMiddle(path, length)
}

/** A URL as a card shows it: without scheme and query, its path shortened. */
export function shortenUrl(url: string, length = subtitleLength): string {
  const bare = url
    .replace(/^https?:\/\//, '')
    .replace(/[?#].*$/, '')
    .replace(/\/$/, '')
  return shortenPath(bare, length)
}

/** The first line of a text, shortened; for prompts and scripts. */
export function firstLine(text: unknown, length = subtitleLength): string {
  if (typeof text !== 'string') return ''
  const line =
    text
      .split('\n')
      .find((part) => part.trim() !== '')
      ?.trim() ?? ''
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`
}

/** A template of one hole without its braces, as people read it; other texts as they are. */
export function withoutBraces(text: string): string {
  return text.replace(/^\{\{\s*([\s\S]*?)\s*\}\}$/, '$1')
}
