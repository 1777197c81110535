import { Dialog } from '../controls/Dialog.tsx'
import { closeDialog, useDialog } from '../shell/dialogStore.ts'
import { Gallery } from './Gallery.tsx'

/** The gallery over an open flow: what the "+" beside the tabs opens. */
export function GalleryDialog() {
  const open = useDialog('gallery') !== undefined
  return (
    <Dialog
      open={open}
      onClose={closeDialog}
      title="New flow"
      description="Begin with one that works, or with an empty canvas."
      width={880}
    >
      <Gallery />
    </Dialog>
  )
}
