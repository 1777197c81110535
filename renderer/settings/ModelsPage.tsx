import { CircleCheck, CircleX, LoaderCircle, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Settings } from '../../model/protocol.ts'
import { Button, IconButton } from '../controls/Button.tsx'
import { SelectInput, TextInput } from '../controls/inputs.tsx'
import { openDialog } from '../shell/dialogStore.ts'
import { attempt } from '../shell/report.ts'
import { testProvider, useModels, useTest } from './modelStore.ts'
import { TextSetting } from './NetworkPage.tsx'
import { useSecrets } from './secretStore.ts'
import { changeSettings, settingsStore, useSettings } from './settingsStore.ts'
import styles from './SettingsDialog.module.css'

type Provider = Settings['providers'][string]

/** Endpoints that work without a setting where their key or server is there. EXECUTION.md, KINDS.md. */
const builtIn = ['openai', 'ollama']

const presets: Readonly<Record<string, string>> = {
  openai: 'https://api.openai.com/v1',
  ollama: 'http://127.0.0.1:11434/v1',
  openrouter: 'https://openrouter.ai/api/v1',
  lmstudio: 'http://127.0.0.1:1234/v1',
}

/** Where models are reached, with which key, and whether that works. */
export function ModelsPage() {
  const providers = useSettings((settings) => settings.providers)
  const names = Object.keys(providers)
  return (
    <>
      <section className={styles['section']}>
        <h3>Providers</h3>
        <p className={styles['intro']}>
          Any endpoint that speaks the OpenAI protocol. Nodes name a model as provider/model, for instance
          openai/gpt-5-mini or ollama/llama3.2.
        </p>
        {builtIn
          .filter((name) => !names.includes(name))
          .map((name) => (
            <BuiltIn key={name} name={name} />
          ))}
        {names.map((name) => {
          const provider = providers[name]
          return provider && <ProviderCard key={name} name={name} provider={provider} />
        })}
        <NewProvider taken={names} />
      </section>
      <section className={styles['section']}>
        <h3>Default model</h3>
        <DefaultModel />
      </section>
    </>
  )
}

function DefaultModel() {
  const models = useModels()
  const current = useSettings((settings) => settings.defaultModel)
  if (models.length < 2) {
    return (
      <TextSetting
        key={current}
        name="defaultModel"
        label="Used where a node names none"
        placeholder="ollama/llama3.2"
        help="Test a connection above to choose from its models."
      />
    )
  }
  return (
    <div className={styles['field']}>
      <label htmlFor="default-model">Used where a node names none</label>
      <SelectInput
        id="default-model"
        value={current ?? ''}
        options={[{ value: '', label: 'None' }, ...models.map((model) => ({ value: model, label: model }))]}
        onChange={(model) =>
          attempt('change the settings', () => changeSettings({ defaultModel: model === '' ? undefined : model }))
        }
      />
    </div>
  )
}

function changeProvider(name: string, provider: Provider | undefined): Promise<void> {
  const others = Object.fromEntries(
    Object.entries(settingsStore.getState().settings.providers).filter(([other]) => other !== name),
  )
  return changeSettings({ providers: provider ? { ...others, [name]: provider } : others })
}

function BuiltIn({ name }: { readonly name: string }) {
  return (
    <div className={styles['card']}>
      <div className={styles['cardHead']}>
        <strong>{name}</strong>
        <span className={styles['actions']}>
          <Button
            look="plain"
            size="s"
            onClick={() => attempt('add the provider', () => changeProvider(name, { baseURL: presets[name] ?? '' }))}
          >
            Change …
          </Button>
          <TestButton name={name} />
        </span>
      </div>
      <p className={styles['help']}>
        {name === 'openai'
          ? 'Works as it is where OPENAI_API_KEY is set in the environment.'
          : 'Works as it is where Ollama runs on this machine.'}
      </p>
      <TestLine name={name} />
    </div>
  )
}

function ProviderCard({ name, provider }: { readonly name: string; readonly provider: Provider }) {
  const [baseURL, setBaseURL] = useState(provider.baseURL)
  const secrets = useSecrets((state) => state.secrets)
  const keep = (next: Provider) => attempt('change the provider', () => changeProvider(name, next))
  const setKey = (secret: string) => {
    if (secret === '+') {
      openDialog({ type: 'settings', page: 'secrets' })
      return
    }
    const { apiKey: _before, ...bare } = provider
    keep(secret === '' ? bare : { ...bare, apiKey: { $secret: secret } })
  }
  return (
    <div className={styles['card']}>
      <div className={styles['cardHead']}>
        <strong>{name}</strong>
        <span className={styles['actions']}>
          <TestButton name={name} />
          <IconButton
            label={`Remove ${name}`}
            size="s"
            onClick={() => attempt('remove the provider', () => changeProvider(name, undefined))}
          >
            <Trash2 size={14} />
          </IconButton>
        </span>
      </div>
      <div className={styles['two']}>
        <div className={styles['field']}>
          <label htmlFor={`url-${name}`}>Base URL</label>
          <TextInput
            mono
            id={`url-${name}`}
            value={baseURL}
            onChange={setBaseURL}
            onBlur={() => baseURL !== provider.baseURL && keep({ ...provider, baseURL })}
          />
        </div>
        <div className={styles['field']}>
          <label htmlFor={`key-${name}`}>Key</label>
          <SelectInput
            id={`key-${name}`}
            value={provider.apiKey?.$secret ?? ''}
            options={[
              { value: '', label: 'none' },
              ...secrets.map((secret) => ({ value: secret.name, label: secret.name })),
              { value: '+', label: 'Add a secret …' },
            ]}
            onChange={setKey}
          />
        </div>
      </div>
      <TestLine name={name} />
    </div>
  )
}

function TestButton({ name }: { readonly name: string }) {
  const [busy, setBusy] = useState(false)
  const test = async () => {
    setBusy(true)
    try {
      await testProvider(name)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button size="s" disabled={busy} onClick={() => attempt(`test ${name}`, test)}>
      {busy && <LoaderCircle size={13} />}
      Test connection
    </Button>
  )
}

function TestLine({ name }: { readonly name: string }) {
  const test = useTest(name)
  if (!test) return null
  const Icon = test.ok ? CircleCheck : CircleX
  return (
    <p className={styles['result']} data-ok={test.ok} role="status" title={test.models.join('\n')}>
      <Icon size={14} />
      {test.message}
    </p>
  )
}

function NewProvider({ taken }: { readonly taken: readonly string[] }) {
  const [name, setName] = useState('')
  const [url, setURL] = useState('')
  const valid =
    /^[a-z0-9][a-z0-9-]*$/.test(name) && !taken.includes(name) && /^https?:\/\/\S+$/.test(url || (presets[name] ?? ''))
  const add = async () => {
    await changeProvider(name, { baseURL: url || (presets[name] ?? '') })
    setName('')
    setURL('')
  }
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault()
        if (valid) attempt('add the provider', add)
      }}
    >
      <div className={styles['two']}>
        <div className={styles['field']}>
          <label htmlFor="provider-url">Base URL</label>
          <TextInput
            mono
            id="provider-url"
            placeholder={presets[name] ?? 'https://models.example.com/v1'}
            value={url}
            onChange={setURL}
          />
        </div>
        <div className={styles['field']}>
          <label htmlFor="provider-name">Name</label>
          <TextInput mono id="provider-name" placeholder="company" value={name} onChange={setName} />
        </div>
      </div>
      <div className={styles['actions']}>
        <Button type="submit" disabled={!valid}>
          <Plus size={14} />
          Add provider
        </Button>
      </div>
    </form>
  )
}
