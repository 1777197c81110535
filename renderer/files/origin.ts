/** Documents that hold text from outside the workspace which nobody has trusted: what is written of them says so. */
const imported = new Set<string>()

export function markImported(path: string): void {
  imported.add(path)
}

/**
 * A person trusts the document, or its text is new in this window. A save does not do it: what undo took out of the
 * saved text, redo brings back.
 */
export function forgetOrigin(path: string): void {
  imported.delete(path)
}

/** What a write or a run of this document tells the engine about where its text comes from. */
export function originOf(path: string): 'edit' | 'import' {
  return imported.has(path) ? 'import' : 'edit'
}
