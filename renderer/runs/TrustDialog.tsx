import { Globe, KeyRound, Sparkles, SquareTerminal, FolderOpen, type LucideIcon } from 'lucide-react'
import { Button } from '../controls/Button.tsx'
import { Dialog } from '../controls/Dialog.tsx'
import { closeDialog, useDialog } from '../shell/dialogStore.ts'
import { serviceWords } from '../shell/permissions.ts'
import styles from './TrustDialog.module.css'

const icons: Readonly<Record<string, LucideIcon>> = {
  http: Globe,
  model: Sparkles,
  shell: SquareTerminal,
  files: FolderOpen,
}

/** Asks whether a flow may do what its nodes would do, before the first of it happens. */
export function TrustDialog() {
  const request = useDialog('trust')
  if (!request) return null
  const run = request.run
  return (
    <Dialog
      open
      onClose={closeDialog}
      title="Trust this flow?"
      description="It came from outside. If you run it, it may do the following on this machine and with your keys:"
      footer={
        <>
          <Button look="plain" onClick={closeDialog}>
            Cancel
          </Button>
          <Button onClick={() => run?.(true)}>Run once</Button>
          <Button look="primary" onClick={() => run?.(false)}>
            Trust and run
          </Button>
        </>
      }
    >
      <ul className={styles['list']}>
        {request.services.map((service) => {
          const Icon = icons[service] ?? Globe
          return (
            <li key={service}>
              <Icon size={16} />
              {serviceWords(service)}
            </li>
          )
        })}
        {request.env.length > 0 && (
          <li>
            <KeyRound size={16} />
            read {request.env.join(', ')} from the environment
          </li>
        )}
      </ul>
      <p className={styles['note']}>
        Trust holds until the flow is changed from outside Switchyard. Your own edits keep it.
      </p>
    </Dialog>
  )
}
