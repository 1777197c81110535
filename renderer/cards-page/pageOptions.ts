import type { Theme } from '../theme/theme.ts'

/** What the development page shows, from its address: `?theme=dark&zoom=0.5` or `?nodes=5000`. */
export interface PageOptions {
  readonly theme: Theme
  readonly zoom: number
  /** Shows a canvas with a made-up flow of this many nodes instead of the cards. */
  readonly nodes: number | undefined
}

export function readPageOptions(search: string): PageOptions {
  const query = new URLSearchParams(search)
  const nodes = query.get('nodes')
  return {
    theme: query.get('theme') === 'dark' ? 'dark' : 'light',
    zoom: Number(query.get('zoom') ?? 1),
    nodes: nodes === null ? undefined : Number(nodes),
  }
}
