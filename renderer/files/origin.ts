/** Documents whose text came from outside the workspace and stands in no file yet: what is written of them says so. */
const imported = new Set<string>()

export function markImported(path: string): void {
  imported.add(path)
}

/** The document has its own file now; the engine knows by it whether it is trusted. */
export function forgetOrigin(path: string): void {
  imported.delete(path)
}

/** What a write of this document tells the engine about where its text comes from. */
export function originOf(path: string): 'edit' | 'import' {
  return imported.has(path) ? 'import' : 'edit'
}
