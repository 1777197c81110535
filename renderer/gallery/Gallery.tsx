import { FilePlus2, KeyRound, ShieldCheck } from 'lucide-react'
import type { TemplateSummary } from '../../model/protocol.ts'
import { EmptyState } from '../controls/EmptyState.tsx'
import { plural } from '../controls/format.ts'
import { newFlow, openTemplate } from '../files/documents.ts'
import { useFiles } from '../files/fileStore.ts'
import { closeDialog } from '../shell/dialogStore.ts'
import { serviceWords } from '../shell/permissions.ts'
import { attempt } from '../shell/report.ts'
import styles from './Gallery.module.css'
import { templateIcon } from './templateIcon.tsx'

/** Templates to begin with: those that run with nothing first, then those that need a model. */
export function Gallery() {
  const templates = useFiles((state) => state.templates)
  const free = templates.filter((template) => !template.needsKey)
  const keyed = templates.filter((template) => template.needsKey)
  return (
    <div className={styles['gallery']}>
      <section>
        <h2 className={styles['heading']}>Run at once, without key or account</h2>
        <div className={styles['grid']}>
          <StartEmpty />
          {free.map((template) => (
            <TemplateCard key={template.name} template={template} />
          ))}
        </div>
      </section>
      {keyed.length > 0 && (
        <section>
          <h2 className={styles['heading']}>With a language model, yours or a local one</h2>
          <div className={styles['grid']}>
            {keyed.map((template) => (
              <TemplateCard key={template.name} template={template} />
            ))}
          </div>
        </section>
      )}
      {templates.length === 0 && (
        <EmptyState title="No templates found">They come with Switchyard; this installation has none.</EmptyState>
      )}
    </div>
  )
}

function StartEmpty() {
  const start = () => {
    closeDialog()
    newFlow()
  }
  return (
    <button type="button" className={styles['empty']} onClick={start}>
      <FilePlus2 size={20} />
      <strong>Start empty</strong>
      <span>A start node on an empty canvas. Press A to add the next.</span>
    </button>
  )
}

function TemplateCard({ template }: { readonly template: TemplateSummary }) {
  const open = () => {
    closeDialog()
    attempt('open the template', () => openTemplate(template.name))
  }
  const Icon = templateIcon(template)
  return (
    <button type="button" className={styles['card']} onClick={open}>
      <span className={styles['head']}>
        <span className={styles['tile']}>
          <Icon size={18} strokeWidth={1.75} />
        </span>
        <strong>{template.title}</strong>
      </span>
      <span className={styles['description']}>{template.description}</span>
      <span className={styles['needs']}>
        {template.needsKey ? <KeyRound size={13} /> : <ShieldCheck size={13} />}
        {[plural(template.nodeCount, 'node'), needs(template)].join(' · ')}
      </span>
    </button>
  )
}

function needs(template: TemplateSummary): string {
  if (template.services.length === 0) return 'touches nothing outside'
  return template.services.map(serviceWords).join(', ')
}
