import { FileDown } from 'lucide-react'
import { useEffect, useState } from 'react'
import { toast } from 'sonner'
import { attempt } from '../shell/report.ts'
import { openText } from './documents.ts'
import styles from './FileDrop.module.css'

/** Larger files are refused before they are read. */
const largestBytes = 50_000_000

/** Lets a file be dropped anywhere on the window: it opens as a new document, untrusted until a person says otherwise. */
export function FileDrop() {
  const [over, setOver] = useState(false)
  useEffect(() => {
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    const drag = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      event.preventDefault()
      setOver(true)
    }
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false)
    }
    const drop = (event: DragEvent) => {
      setOver(false)
      if (!carriesFiles(event)) return
      event.preventDefault()
      for (const file of event.dataTransfer?.files ?? []) attempt(`open ${file.name}`, () => openDropped(file))
    }
    window.addEventListener('dragover', drag)
    window.addEventListener('dragleave', leave)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragover', drag)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('drop', drop)
    }
  }, [])
  if (!over) return null
  return (
    <div className={styles['drop']}>
      <div>
        <FileDown size={28} />
        <p>Drop a flow file to open it</p>
      </div>
    </div>
  )
}

async function openDropped(file: File): Promise<void> {
  if (file.size > largestBytes) {
    toast.error(`Could not open ${file.name}`, { description: 'The file is larger than 50 MB, which no flow is.' })
    return
  }
  if (!/\.json$/i.test(file.name)) {
    toast.error(`Could not open ${file.name}`, { description: 'Switchyard opens flow files, which end in .flow.json.' })
    return
  }
  openText(file.name, await file.text())
}
