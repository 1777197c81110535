import { Workflow } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { Button } from '../controls/Button.tsx'
import { Dialog } from '../controls/Dialog.tsx'
import { EmptyState } from '../controls/EmptyState.tsx'
import { TextInput } from '../controls/inputs.tsx'
import list from '../controls/list.module.css'
import { closeDialog, useDialog } from '../shell/dialogStore.ts'
import { attempt } from '../shell/report.ts'
import {
  baseName,
  discardDocument,
  flowSuffix,
  openFile,
  overwriteFile,
  saveDocument,
  saveDocumentAs,
  takeTheirs,
} from './documents.ts'
import { documentStore } from '../state/documentStore.ts'
import { useFiles } from './fileStore.ts'

/** The windows that files ask with: open, save as, conflict, unsaved edits. */
export function FileDialogs() {
  const saveAs = useDialog('save-as')
  const conflict = useDialog('conflict')
  const unsaved = useDialog('close-unsaved')
  const open = useDialog('open')
  if (saveAs) return <SaveAs path={saveAs.path} />
  if (conflict) return <Conflict path={conflict.path} text={conflict.text} hash={conflict.hash} />
  if (unsaved) return <CloseUnsaved path={unsaved.path} />
  return open ? <Open /> : null
}

interface ChoiceDialogProps {
  readonly title: string
  readonly description: string
  readonly children: ReactNode
}

function ChoiceDialog({ title, description, children }: ChoiceDialogProps) {
  const footer = (
    <>
      <Button look="plain" onClick={closeDialog}>
        Cancel
      </Button>
      {children}
    </>
  )
  return <Dialog open onClose={closeDialog} title={title} description={description} footer={footer} />
}

function SaveAs({ path }: { readonly path: string }) {
  const [name, setName] = useState(path)
  const exists = useFiles((state) => state.files.some((file) => file.path === name && name !== path))
  const problem = exists ? 'There is a file of this name already.' : pathProblem(name)
  const save = () => {
    if (problem !== undefined) return
    closeDialog()
    attempt('save the flow', () => saveDocumentAs(path, name))
  }
  return (
    <Dialog
      open
      onClose={closeDialog}
      title="Save as"
      description="A path inside this workspace."
      footer={
        <>
          <Button look="plain" onClick={closeDialog}>
            Cancel
          </Button>
          <Button look="primary" disabled={problem !== undefined} onClick={save}>
            Save
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        <TextInput
          mono
          autoFocus
          aria-label="Path"
          value={name}
          onChange={setName}
          aria-invalid={problem === undefined ? undefined : true}
        />
        {problem !== undefined && <p role="alert">{problem}</p>}
      </form>
    </Dialog>
  )
}

function pathProblem(name: string): string | undefined {
  if (!name.endsWith(flowSuffix) || baseName(name) === flowSuffix)
    return `The name ends in ${flowSuffix}, with something before it.`
  if (name.startsWith('/') || name.split('/').includes('..') || name.includes('\\'))
    return 'The path stays inside the workspace.'
  return undefined
}

function Conflict({ path, text, hash }: { readonly path: string; readonly text: string; readonly hash: string }) {
  const overwrite = () => {
    closeDialog()
    attempt('save the flow', () => overwriteFile(path, hash))
  }
  return (
    <ChoiceDialog
      title={`${baseName(path)} was changed by another program`}
      description="The file and your edits differ. Nothing is lost: edits stay in the journal, and taking the file's version can be undone."
    >
      <Button onClick={() => takeTheirs(path, text, hash)}>Take the file</Button>
      <Button look="primary" onClick={overwrite}>
        Keep mine and save
      </Button>
    </ChoiceDialog>
  )
}

function CloseUnsaved({ path }: { readonly path: string }) {
  const discard = () => {
    closeDialog()
    attempt('discard the edits', () => discardDocument(path))
  }
  const save = () => {
    closeDialog()
    attempt('save the flow', async () => {
      if (await saveDocument(path)) documentStore.getState().close(path)
    })
  }
  return (
    <ChoiceDialog title={`Save ${baseName(path)}?`} description="Its edits stand in no file yet.">
      <Button look="danger" onClick={discard}>
        Discard edits
      </Button>
      <Button look="primary" onClick={save}>
        Save and close
      </Button>
    </ChoiceDialog>
  )
}

function Open() {
  const [search, setSearch] = useState('')
  const files = useFiles((state) => state.files)
  const found = files.filter((file) => file.path.toLowerCase().includes(search.toLowerCase()))
  const open = (path: string) => {
    closeDialog()
    attempt(`open ${path}`, () => openFile(path))
  }
  return (
    <Dialog
      open
      onClose={closeDialog}
      title="Open a flow"
      description="A flow of this workspace. A file from elsewhere can be dropped on the window."
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const [first] = found
          if (first) open(first.path)
        }}
      >
        <TextInput autoFocus aria-label="Search files" placeholder="Search" value={search} onChange={setSearch} />
      </form>
      {found.length === 0 ? (
        <EmptyState title="Nothing found">Flows are files ending in .flow.json.</EmptyState>
      ) : (
        <div className={list['list']}>
          {found.map((file) => (
            <button key={file.path} type="button" className={list['row']} onClick={() => open(file.path)}>
              <Workflow size={15} />
              <span className={list['main']}>
                <span className={list['title']}>{file.path}</span>
              </span>
            </button>
          ))}
        </div>
      )}
    </Dialog>
  )
}
