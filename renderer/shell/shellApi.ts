import { shellApiName, type ShellApi } from '../../model/shellApi.ts'

/** What the desktop shell can do for this page; undefined in a browser. */
export function shellApi(): ShellApi | undefined {
  return shellApiName in window ? (window as { readonly [shellApiName]?: ShellApi })[shellApiName] : undefined
}
