import { KeyRound, Network, Palette, Sparkles } from 'lucide-react'
import { useEffect } from 'react'
import { Dialog } from '../controls/Dialog.tsx'
import { closeDialog, openDialog, useDialog, type SettingsPage } from '../shell/dialogStore.ts'
import { attempt } from '../shell/report.ts'
import { AppearancePage } from './AppearancePage.tsx'
import { ModelsPage } from './ModelsPage.tsx'
import { NetworkPage } from './NetworkPage.tsx'
import { loadSecrets } from './secretStore.ts'
import { SecretsPage } from './SecretsPage.tsx'
import styles from './SettingsDialog.module.css'

const pages = [
  { page: 'models', label: 'Models', icon: Sparkles },
  { page: 'secrets', label: 'Secrets', icon: KeyRound },
  { page: 'network', label: 'Network', icon: Network },
  { page: 'appearance', label: 'Appearance', icon: Palette },
] as const

/** Settings of the workspace; every change holds at once. */
export function SettingsDialog() {
  const request = useDialog('settings')
  const open = request !== undefined
  useEffect(() => {
    if (open) attempt('list the secrets', loadSecrets)
  }, [open])
  if (!request) return null
  return (
    <Dialog
      open
      onClose={closeDialog}
      title="Settings"
      description="They hold for this workspace and stay on this machine."
      width={820}
    >
      <div className={styles['settings']}>
        <nav className={styles['pages']} aria-label="Settings">
          {pages.map(({ page, label, icon: Icon }) => (
            <button
              key={page}
              type="button"
              className={styles['page']}
              aria-current={page === request.page ? 'page' : undefined}
              onClick={() => openDialog({ type: 'settings', page })}
            >
              <Icon size={15} />
              {label}
            </button>
          ))}
        </nav>
        <div className={styles['content']}>
          <Page page={request.page} />
        </div>
      </div>
    </Dialog>
  )
}

function Page({ page }: { readonly page: SettingsPage }) {
  if (page === 'secrets') return <SecretsPage />
  if (page === 'network') return <NetworkPage />
  return page === 'appearance' ? <AppearancePage /> : <ModelsPage />
}
