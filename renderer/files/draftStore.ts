import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'

/**
 * How safe the edits of a document are. `pending`: made, not yet on disk. `kept`: in the edit journal, so they survive
 * anything. `failed`: the journal could not be written; `message` says why. No entry: nothing to keep.
 */
export type DraftState =
  | { readonly status: 'pending' }
  | { readonly status: 'kept'; readonly savedAt: string }
  | { readonly status: 'failed'; readonly message: string }

interface DraftStore {
  readonly drafts: Readonly<Record<string, DraftState>>
  /** Paths of files that are being written now. */
  readonly writing: ReadonlySet<string>
}

export const draftStore = createStore<DraftStore>()(() => ({ drafts: {}, writing: new Set() }))

export function setDraft(path: string, draft: DraftState | undefined): void {
  draftStore.setState((state) => {
    const others = Object.fromEntries(Object.entries(state.drafts).filter(([key]) => key !== path))
    return { drafts: draft ? { ...others, [path]: draft } : others }
  })
}

export function setWriting(path: string, writing: boolean): void {
  draftStore.setState((state) => {
    const next = new Set(state.writing)
    if (writing) next.add(path)
    else next.delete(path)
    return { writing: next }
  })
}

export function useDrafts<T>(select: (state: DraftStore) => T): T {
  return useStore(draftStore, select)
}
