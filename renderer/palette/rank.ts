/** Scores of a match, best first; 0 hides the entry. */
const exact = 1
const labelStart = 0.9
const wordStart = 0.8
const keywordExact = 0.75
const keywordStart = 0.7
const labelInside = 0.5
const initials = 0.4
const keywordInside = 0.3

/**
 * Ranks an entry against what was typed: its label before its keywords, beginnings before middles. Every typed word
 * must be found.
 */
export function rankLabel(label: string, search: string, keywords: readonly string[] = []): number {
  const words = search.trim().toLowerCase().split(/\s+/)
  if (words[0] === '') return 1
  const whole = rankWord(label.toLowerCase(), words.join(' '), keywords)
  if (whole > 0 || words.length === 1) return whole
  const scores = words.map((word) => rankWord(label.toLowerCase(), word, keywords))
  return Math.min(...scores)
}

function rankWord(label: string, word: string, keywords: readonly string[]): number {
  if (label === word) return exact
  if (label.startsWith(word)) return labelStart
  const parts = label.split(/[\s-]+/)
  if (parts.some((part) => part.startsWith(word))) return wordStart
  const lower = keywords.map((keyword) => keyword.toLowerCase())
  if (lower.includes(word)) return keywordExact
  if (lower.some((keyword) => keyword.startsWith(word))) return keywordStart
  if (label.includes(word)) return labelInside
  if (
    parts
      .map((part) => part.charAt(0))
      .join('')
      .startsWith(word)
  )
    return initials
  return lower.some((keyword) => keyword.includes(word)) ? keywordInside : 0
}
