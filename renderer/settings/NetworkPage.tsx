import { useState } from 'react'
import { SwitchInput, TextInput } from '../controls/inputs.tsx'
import type { Settings } from '../../model/protocol.ts'
import { attempt } from '../shell/report.ts'
import { changeSettings, useSettings } from './settingsStore.ts'
import styles from './SettingsDialog.module.css'

/** How requests leave this machine. */
export function NetworkPage() {
  const allowed = useSettings((settings) => settings.allowPrivateNetwork)
  return (
    <section className={styles['section']}>
      <h3>Network</h3>
      <TextSetting
        name="proxy"
        label="Proxy"
        placeholder="http://proxy.example.com:8080"
        help="Every request of HTTP nodes and models goes through it. Empty: straight to the address."
      />
      <TextSetting
        name="caFile"
        label="Additional certificate authorities"
        placeholder="certs/company.pem"
        help="Path of a PEM file, for servers with a certificate of your company."
      />
      <div className={styles['inline']}>
        <div className={styles['field']}>
          <label htmlFor="private-network">Allow private addresses</label>
          <p className={styles['help']}>
            Lets HTTP nodes reach this machine and the local network (127.0.0.1, 10.x, 192.168.x). Addresses of cloud
            metadata stay refused.
          </p>
        </div>
        <SwitchInput
          id="private-network"
          checked={allowed}
          onChange={(allowPrivateNetwork) =>
            attempt('change the settings', () => changeSettings({ allowPrivateNetwork }))
          }
        />
      </div>
    </section>
  )
}

interface TextSettingProps {
  readonly name: 'proxy' | 'caFile' | 'defaultModel'
  readonly label: string
  readonly placeholder: string
  readonly help: string
}

/** One text of the settings; taken when the field is left or Enter is pressed. */
export function TextSetting({ name, label, placeholder, help }: TextSettingProps) {
  const value = useSettings((settings) => settings[name]) ?? ''
  const [text, setText] = useState(value)
  const keep = () => {
    if (text === value) return
    const patch: Partial<Settings> = { [name]: text === '' ? undefined : text }
    attempt('change the settings', () => changeSettings(patch))
  }
  return (
    <div className={styles['field']}>
      <label htmlFor={`setting-${name}`}>{label}</label>
      <TextInput
        mono
        id={`setting-${name}`}
        placeholder={placeholder}
        value={text}
        onChange={setText}
        onBlur={keep}
        onKeyDown={(event) => event.key === 'Enter' && keep()}
      />
      <p className={styles['help']}>{help}</p>
    </div>
  )
}
