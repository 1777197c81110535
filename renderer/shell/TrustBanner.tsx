import { ShieldAlert } from 'lucide-react'
import { useMemo } from 'react'
import { Button } from '../controls/Button.tsx'
import { trustDocument } from '../runs/runCommands.ts'
import { useActiveDocument } from '../state/documentStore.ts'
import { neededServices, serviceWords } from './permissions.ts'
import { attempt } from './report.ts'
import styles from './TrustBanner.module.css'

/** Says that a stranger's flow is only drawn, what it would be able to do, and lets a person decide. */
export function TrustBanner() {
  const path = useActiveDocument((document) => document.path)
  const trusted = useActiveDocument((document) => document.trusted)
  const flow = useActiveDocument((document) => document.flow)
  const services = useMemo(() => (flow ? neededServices(flow) : []), [flow])
  if (path === undefined || flow === undefined || trusted !== false) return null
  const env = flow.env ?? []
  if (services.length === 0 && env.length === 0) return null
  return (
    <div className={styles['banner']} role="status">
      <ShieldAlert size={16} />
      <p>
        <strong>This flow has not been trusted:</strong> it is drawn and verified, and nothing more happens. Trusted, it
        may{' '}
        {[
          ...services.map(serviceWords),
          ...(env.length > 0 ? [`read ${env.join(', ')} from the environment`] : []),
        ].join(', ')}
        .
      </p>
      <Button size="s" onClick={() => attempt('trust the flow', () => trustDocument(path))}>
        Trust
      </Button>
    </div>
  )
}
