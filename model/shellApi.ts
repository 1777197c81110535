/** Origin of the page in the desktop shell. */
export const shellOrigin = 'app://switchyard'

/** The page posts this to its own window when it is ready for the engine's port. */
export const rendererReadyMessage = 'switchyard:renderer-ready'

/** What comes with the engine's port, by `window.postMessage` to {@link shellOrigin}. */
export const enginePortMessage = 'switchyard:engine-port'

/** Name under which the desktop shell puts {@link ShellApi} on the page's window; absent in a browser. */
export const shellApiName = 'switchyardShell'

/**
 * What the desktop shell does for a page that a page cannot do. Named functions with plain data, nothing generic.
 * Everything about workflows goes to the engine.
 */
export interface ShellApi {
  info(): Promise<ShellInfo>
  /** Lets the person choose a folder and opens it as the workspace; null where they chose none. The page is loaded anew. */
  openWorkspace(): Promise<string | null>
  /** Lets the person choose a file; gives its absolute path, or null. */
  chooseFile(request: ChooseFile): Promise<string | null>
  /** Shows an https or mailto address to the person and opens it outside if they agree. */
  openExternal(url: string): Promise<boolean>
}

export interface ShellInfo {
  readonly version: string
  readonly platform: string
  readonly workspace: string
  /** False where the system has no keychain: secrets then stand in an owner-only file. */
  readonly keychain: boolean
}

export interface ChooseFile {
  readonly title: string
  /** File name endings without the dot. */
  readonly extensions: readonly string[]
}
