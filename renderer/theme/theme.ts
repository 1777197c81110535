/** What a person may choose; `system` follows the operating system. */
export type ThemeChoice = 'system' | 'light' | 'dark'
export type Theme = Exclude<ThemeChoice, 'system'>

const darkQuery = '(prefers-color-scheme: dark)'

let stopFollowing: (() => void) | undefined

/** The theme the page wears now. */
export function currentTheme(): Theme {
  return document.documentElement.dataset['theme'] === 'dark' ? 'dark' : 'light'
}

/** Puts the page in a theme, and keeps following the system where that is the choice. */
export function applyTheme(choice: ThemeChoice): void {
  stopFollowing?.()
  stopFollowing = undefined
  if (choice !== 'system') {
    document.documentElement.dataset['theme'] = choice
    return
  }
  const query = window.matchMedia(darkQuery)
  const follow = () => {
    document.documentElement.dataset['theme'] = query.matches ? 'dark' : 'light'
  }
  follow()
  query.addEventListener('change', follow)
  stopFollowing = () => {
    query.removeEventListener('change', follow)
  }
}
