import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Button, IconButton } from '../controls/Button.tsx'
import { TextInput } from '../controls/inputs.tsx'
import { attempt } from '../shell/report.ts'
import { deleteSecret, saveSecret, useSecrets } from './secretStore.ts'
import styles from './SettingsDialog.module.css'

const places = {
  keychain: 'They are kept in the keychain of this computer.',
  file: 'They are kept in a file that only you may read: this host has no keychain.',
  environment: 'They come from environment variables; what is entered here is kept until the engine stops.',
  memory: 'They are kept in memory until the engine stops: this host has no safe place for them.',
} as const

/** Names of secrets; values go in and never come out. */
export function SecretsPage() {
  const secrets = useSecrets((state) => state.secrets)
  const store = useSecrets((state) => state.store)
  return (
    <section className={styles['section']}>
      <h3>Secrets</h3>
      <p className={styles['intro']}>
        Flows name a secret and never hold its value; it is filled in when a request is sent, and only to the hosts it
        is meant for. {store && places[store]}
      </p>
      <div>
        {secrets.map((secret) => (
          <div key={secret.name} className={styles['row']}>
            <code>{secret.name}</code>
            <span>{secret.hosts.length === 0 ? 'for any host' : secret.hosts.join(', ')}</span>
            <IconButton
              label={`Delete ${secret.name}`}
              size="s"
              onClick={() => attempt('delete the secret', () => deleteSecret(secret.name))}
            >
              <Trash2 size={14} />
            </IconButton>
          </div>
        ))}
      </div>
      <NewSecret />
    </section>
  )
}

function NewSecret() {
  const [name, setName] = useState('')
  const [value, setValue] = useState('')
  const [hosts, setHosts] = useState('')
  const save = async () => {
    await saveSecret(name.trim(), value, hosts.split(/[\s,]+/).filter(Boolean))
    setName('')
    setValue('')
    setHosts('')
  }
  const ready = name.trim() !== '' && value !== ''
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault()
        if (ready) attempt('keep the secret', save)
      }}
    >
      <div className={styles['two']}>
        <div className={styles['field']}>
          <label htmlFor="secret-name">Name</label>
          <TextInput mono id="secret-name" placeholder="openai" value={name} onChange={setName} />
        </div>
        <div className={styles['field']}>
          <label htmlFor="secret-hosts">Only to these hosts</label>
          <TextInput mono id="secret-hosts" placeholder="api.openai.com" value={hosts} onChange={setHosts} />
        </div>
      </div>
      <div className={styles['field']}>
        <label htmlFor="secret-value">Value</label>
        <TextInput
          mono
          type="password"
          id="secret-value"
          autoComplete="new-password"
          value={value}
          onChange={setValue}
        />
      </div>
      <div className={styles['actions']}>
        <Button type="submit" disabled={!ready}>
          Keep secret
        </Button>
      </div>
    </form>
  )
}
