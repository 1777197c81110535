import { SquareDashedMousePointer } from 'lucide-react'
import { nodeFace } from '../canvas/nodeFace.ts'
import { plural } from '../controls/format.ts'
import list from '../controls/list.module.css'
import { keyLabel } from '../keymap/commands.ts'
import { KindIcon } from '../palette/KindIcon.tsx'
import { useActiveDocument } from '../state/documentStore.ts'
import { selectionStore } from '../state/selectionStore.ts'
import styles from './Inspector.module.css'

/** Rows drawn at most: one picks from a short list. */
const drawn = 200

/** Several nodes: which they are; a click takes one of them. */
export function SelectionInspector({ ids }: { readonly ids: readonly string[] }) {
  const nodes = useActiveDocument((document) => document.flow.nodes)
  return (
    <>
      <header className={styles['header']}>
        <span className={styles['tile']}>
          <SquareDashedMousePointer size={17} />
        </span>
        <div className={styles['names']}>
          <strong>{plural(ids.length, 'node')} selected</strong>
          <div className={styles['kind']}>
            {keyLabel('edit.duplicate')} duplicates, {keyLabel('edit.tidy')} tidies, {keyLabel('edit.delete')} deletes
          </div>
        </div>
      </header>
      <div className={list['list']}>
        {ids.slice(0, drawn).map((id) => {
          const node = nodes?.[id]
          if (!node) return null
          const face = nodeFace(node)
          return (
            <button key={id} type="button" className={list['row']} onClick={() => selectionStore.getState().reveal(id)}>
              <KindIcon name={face.icon} size={15} />
              <span className={list['main']}>
                <span className={list['title']}>{face.title}</span>
              </span>
              <code className={list['aside']}>{id}</code>
            </button>
          )
        })}
        {ids.length > drawn && <p className={list['heading']}>and {plural(ids.length - drawn, 'more', 'more')}</p>}
      </div>
    </>
  )
}
