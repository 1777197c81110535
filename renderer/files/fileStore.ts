import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { TemplateSummary, WorkspaceFile } from '../../model/protocol.ts'
import { engine } from '../shell/engine.ts'

interface FileStore {
  readonly files: readonly WorkspaceFile[]
  readonly templates: readonly TemplateSummary[]
  /** False until the workspace was listed once. */
  readonly loaded: boolean
}

/** The workspace's flows and the templates that ship. */
export const fileStore = createStore<FileStore>()(() => ({ files: [], templates: [], loaded: false }))

/** Lists the workspace's flows. Rejects as the request does. */
export async function loadFiles(): Promise<void> {
  const { files } = await engine().request('workspace.files', {})
  fileStore.setState({ files, loaded: true })
}

export async function loadTemplates(): Promise<void> {
  const { templates } = await engine().request('template.list', {})
  fileStore.setState({ templates })
}

export function useFiles<T>(select: (state: FileStore) => T): T {
  return useStore(fileStore, select)
}
