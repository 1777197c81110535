import { FilePlus2, FolderInput, FolderOpen, Workflow } from 'lucide-react'
import { Button } from '../controls/Button.tsx'
import { EmptyState } from '../controls/EmptyState.tsx'
import { formatBytes, formatExact } from '../controls/format.ts'
import { groupBy } from '../controls/groupBy.ts'
import list from '../controls/list.module.css'
import { openDialog } from '../shell/dialogStore.ts'
import { attempt } from '../shell/report.ts'
import { shellApi } from '../shell/shellApi.ts'
import { viewStore } from '../shell/viewStore.ts'
import { useDocuments } from '../state/documentStore.ts'
import { baseName, newFlow, openFile } from './documents.ts'
import { useFiles } from './fileStore.ts'

/** The workspace's flows, by folder. */
export function FilesPanel() {
  const files = useFiles((state) => state.files)
  const loaded = useFiles((state) => state.loaded)
  const shell = shellApi()
  const folders = groupBy(files, (file) => file.path.split('/').slice(0, -1).join('/'))
  return (
    <>
      <div className={list['bar']}>
        <Button size="s" onClick={() => newFlow()}>
          <FilePlus2 size={14} />
          New flow
        </Button>
        <Button size="s" onClick={() => openDialog({ type: 'open' })}>
          <FolderOpen size={14} />
          Open …
        </Button>
      </div>
      {shell && (
        <div className={list['bar']}>
          <Button size="s" look="plain" onClick={() => attempt('open the folder', () => shell.openWorkspace())}>
            <FolderInput size={14} />
            Open another folder …
          </Button>
        </div>
      )}
      {loaded && files.length === 0 ? (
        <EmptyState icon={<Workflow size={22} />} title="No flows here yet">
          A flow is a file ending in .flow.json. Save one, start from a template, or drop a file on the window.
        </EmptyState>
      ) : (
        <div className={list['list']}>
          {[...folders].map(([folder, entries]) => (
            <section key={folder}>
              {folder !== '' && <h3 className={list['heading']}>{folder}</h3>}
              {entries.map((file) => (
                <FileRow key={file.path} path={file.path} size={file.size} modifiedAt={file.modifiedAt} />
              ))}
            </section>
          ))}
        </div>
      )}
    </>
  )
}

function FileRow({
  path,
  size,
  modifiedAt,
}: {
  readonly path: string
  readonly size: number
  readonly modifiedAt: string
}) {
  const active = useDocuments((state) => state.active === path)
  return (
    <button
      type="button"
      className={list['row']}
      aria-current={active}
      title={`${path}\n${formatBytes(size)}, changed ${formatExact(modifiedAt)}`}
      onClick={() => {
        viewStore.setState({ flyoutOpen: false })
        attempt(`open ${path}`, () => openFile(path))
      }}
    >
      <Workflow size={15} />
      <span className={list['main']}>
        <span className={list['title']}>{baseName(path)}</span>
      </span>
    </button>
  )
}
