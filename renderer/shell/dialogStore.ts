import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { Json } from '../../model/json.ts'

export type SettingsPage = 'models' | 'secrets' | 'network' | 'appearance'

/** What is asked of a person; at most one thing at a time. */
export type DialogRequest =
  | { readonly type: 'palette' }
  | { readonly type: 'shortcuts' }
  | { readonly type: 'gallery' }
  | { readonly type: 'settings'; readonly page: SettingsPage }
  /** Asks for a run's inputs. */
  | { readonly type: 'run-inputs'; readonly path: string }
  | {
      readonly type: 'trust'
      readonly path: string
      readonly services: readonly string[]
      readonly env: readonly string[]
      readonly run: ((once: boolean) => void) | undefined
    }
  | { readonly type: 'run-node'; readonly path: string; readonly node: string; readonly input: Json | undefined }
  | { readonly type: 'save-as'; readonly path: string }
  | { readonly type: 'open' }
  /** The file was changed by another program while edits stand here. */
  | { readonly type: 'conflict'; readonly path: string; readonly text: string; readonly hash: string }
  | { readonly type: 'close-unsaved'; readonly path: string }

interface DialogStore {
  readonly dialog: DialogRequest | undefined
}

export const dialogStore = createStore<DialogStore>()(() => ({ dialog: undefined }))

export function openDialog(dialog: DialogRequest): void {
  dialogStore.setState({ dialog })
}

export function closeDialog(): void {
  dialogStore.setState({ dialog: undefined })
}

/** Opens a dialog, or closes it where it is open already. */
export function toggleDialog(dialog: DialogRequest): void {
  if (dialogStore.getState().dialog?.type === dialog.type) closeDialog()
  else openDialog(dialog)
}

/** The dialog of this type where it is open. */
export function useDialog<T extends DialogRequest['type']>(type: T): Extract<DialogRequest, { type: T }> | undefined {
  const dialog = useStore(dialogStore, (state) => state.dialog)
  return isType(dialog, type) ? dialog : undefined
}

function isType<T extends DialogRequest['type']>(
  dialog: DialogRequest | undefined,
  type: T,
): dialog is Extract<DialogRequest, { type: T }> {
  return dialog?.type === type
}
