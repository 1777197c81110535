import { Workflow } from 'lucide-react'
import list from '../controls/list.module.css'
import { openFile } from '../files/documents.ts'
import { useFiles } from '../files/fileStore.ts'
import { Logo } from '../shell/Logo.tsx'
import { attempt } from '../shell/report.ts'
import { Gallery } from './Gallery.tsx'
import styles from './Welcome.module.css'

/** What stands in the middle while no flow is open. */
export function Welcome() {
  const files = useFiles((state) => state.files)
  const recent = files.toSorted((a, b) => b.modifiedAt.localeCompare(a.modifiedAt)).slice(0, 5)
  return (
    <div className={styles['scroll']}>
      <div className={styles['welcome']}>
        <header className={styles['header']}>
          <Logo size={40} />
          <div>
            <h1>Draw a workflow, run it, watch every step</h1>
            <p>Everything runs on this machine. Pick a template to see it work, or begin with an empty canvas.</p>
          </div>
        </header>
        {recent.length > 0 && (
          <section>
            <h2 className={styles['heading']}>Flows of this workspace</h2>
            <div className={styles['recent']}>
              {recent.map(({ path }) => (
                <button
                  key={path}
                  type="button"
                  className={list['row']}
                  onClick={() => attempt(`open ${path}`, () => openFile(path))}
                >
                  <Workflow size={15} />
                  <span className={list['title']}>{path}</span>
                </button>
              ))}
            </div>
          </section>
        )}
        <Gallery />
      </div>
    </div>
  )
}
