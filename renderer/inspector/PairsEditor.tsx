import { KeyRound, Plus, X } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { isJsonObject, jsonEquals, type Json, type JsonObject } from '../../model/json.ts'
import { isSecretRef } from '../../model/secretRef.ts'
import { Button, IconButton } from '../controls/Button.tsx'
import { TextInput } from '../controls/inputs.tsx'
import menu from '../controls/menu.module.css'
import { openDialog } from '../shell/dialogStore.ts'
import { useSecrets } from '../settings/secretStore.ts'
import styles from './editors.module.css'
import { isPlainEnter, isTemplate, type EditorProps } from './fieldEditor.ts'
import { jsonToText, textToJson } from './expressionText.ts'
import { TemplateInput } from './TemplateInput.tsx'
import { TextEditor } from './textEditors.tsx'

interface Pair {
  readonly name: string
  readonly value: Json
}

function pairsOf(value: Json | undefined): readonly Pair[] {
  return isJsonObject(value) ? Object.entries(value).map(([name, part]) => ({ name, value: part })) : []
}

/** Pairs with a name, the last of a name winning: what the document can hold. */
function objectOf(pairs: readonly Pair[]): JsonObject | undefined {
  const named = pairs.filter((pair) => pair.name !== '')
  return named.length === 0 ? undefined : Object.fromEntries(named.map((pair) => [pair.name, pair.value]))
}

/**
 * Names with values: headers, query, values to set. A value may be text with `{{ }}`, JSON, or a secret by reference.
 * Written in one go as in YAML: `name: value`, Enter, the next.
 */
export function PairsEditor(props: EditorProps) {
  const { value, id, onChange, onBlur, field } = props
  const [pairs, setPairs] = useState<readonly Pair[]>(() => pairsOf(value))
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    setPairs((current) => (jsonEquals(objectOf(current), value) ? current : pairsOf(value)))
  }, [value])
  if (isTemplate(value)) return <TextEditor {...props} />
  const set = (next: readonly Pair[]) => {
    setPairs(next)
    onChange(objectOf(next))
  }
  const shown = pairs.length === 0 ? [{ name: '', value: '' }] : pairs
  const focus = (index: number, part: 'input' | 'textarea') => {
    box.current?.children[index]?.querySelector<HTMLElement>(part)?.focus()
  }
  const addRow = () => {
    flushSync(() => set([...shown, { name: '', value: '' }]))
    focus(shown.length, 'input')
  }
  return (
    <div ref={box} className={styles['rows']}>
      {shown.map((pair, index) => (
        <PairRow
          key={index}
          {...(index === 0 ? { id } : {})}
          label={field.label}
          pair={pair}
          placeholder={index === 0 ? field.placeholder : undefined}
          twice={pair.name !== '' && shown.some((other, at) => at < index && other.name === pair.name)}
          onChange={(next) => set(shown.with(index, next))}
          onRemove={() => set(shown.toSpliced(index, 1))}
          onBlur={onBlur}
          onNamed={() => focus(index, 'textarea')}
          onValued={() => (index === shown.length - 1 ? addRow() : focus(index + 1, 'input'))}
        />
      ))}
      <Button look="plain" size="s" className={styles['add']} onClick={addRow}>
        <Plus size={13} />
        Add
      </Button>
    </div>
  )
}

interface PairRowProps {
  readonly id?: string
  readonly label: string
  readonly pair: Pair
  readonly placeholder: string | undefined
  readonly twice: boolean
  readonly onChange: (pair: Pair) => void
  readonly onRemove: () => void
  readonly onBlur: () => void
  /** The name is written: its value is next. */
  readonly onNamed: () => void
  /** The value is written: the next pair's name is next. */
  readonly onValued: () => void
}

function PairRow({ id, label, pair, placeholder, twice, onChange, onRemove, onBlur, onNamed, onValued }: PairRowProps) {
  const typeName = (typed: string) => {
    const end = typed.indexOf(': ')
    if (end < 0) {
      onChange({ ...pair, name: typed })
      return
    }
    const rest = typed.slice(end + 2)
    const read = textToJson(rest)
    onChange({ name: typed.slice(0, end), value: ('value' in read ? read.value : rest) ?? pair.value })
    onNamed()
  }
  return (
    <div className={styles['pair']}>
      <TextInput
        {...(id === undefined ? {} : { id })}
        mono
        aria-label={`${label}: name`}
        placeholder="name"
        value={pair.name}
        aria-invalid={twice || undefined}
        title={twice ? 'This name stands above already; the last one counts.' : pair.name}
        onChange={typeName}
        onBlur={onBlur}
        onKeyDown={(event) => isPlainEnter(event) && onNamed()}
      />
      <PairValue
        label={`${label}: value of ${pair.name}`}
        value={pair.value}
        placeholder={placeholder}
        onChange={(value) => onChange({ ...pair, value })}
        onBlur={onBlur}
        onValued={onValued}
      />
      <span className={styles['tools']}>
        <SecretMenu onPick={(name) => onChange({ ...pair, value: { $secret: name } })} />
        <IconButton label="Remove" size="s" className={styles['remove']} onClick={onRemove}>
          <X size={14} />
        </IconButton>
      </span>
    </div>
  )
}

interface PairValueProps {
  readonly label: string
  readonly value: Json
  readonly placeholder: string | undefined
  readonly onChange: (value: Json) => void
  readonly onBlur: () => void
  readonly onValued: () => void
}

function PairValue({ label, value, placeholder, onChange, onBlur, onValued }: PairValueProps) {
  const [text, setText] = useState(() => jsonToText(value))
  const known = useRef(value)
  if (!jsonEquals(known.current, value)) {
    known.current = value
    setText(jsonToText(value))
  }
  if (isSecretRef(value)) {
    return (
      <div className={styles['secret']}>
        <KeyRound size={13} />
        <span title="A secret, filled in when sending">{`${value.prefix ?? ''}${value.$secret}`}</span>
        <IconButton label="Use text instead" size="s" onClick={() => onChange('')}>
          <X size={13} />
        </IconButton>
      </div>
    )
  }
  const type = (next: string) => {
    setText(next)
    const read = textToJson(next)
    if (!('value' in read)) return
    const parsed = read.value ?? ''
    known.current = parsed
    onChange(parsed)
  }
  return (
    <TemplateInput
      mono
      multiline={typeof value === 'object'}
      aria-label={label}
      value={text}
      placeholder={placeholder ?? 'value'}
      invalid={'broken' in textToJson(text)}
      onChange={type}
      onBlur={onBlur}
      onKeyDown={(event) => typeof value !== 'object' && isPlainEnter(event) && onValued()}
    />
  )
}

/** Puts a reference to a secret where a value stands: the value itself never enters the flow. */
function SecretMenu({ onPick }: { readonly onPick: (name: string) => void }) {
  const secrets = useSecrets((state) => state.secrets)
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <button type="button" className={menu['trigger']} aria-label="Use a secret" title="Use a secret">
          <KeyRound size={13} />
        </button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={menu['menu']} align="end">
          {secrets.map((secret) => (
            <DropdownMenu.Item key={secret.name} className={menu['item']} onSelect={() => onPick(secret.name)}>
              <KeyRound size={13} />
              {secret.name}
            </DropdownMenu.Item>
          ))}
          <DropdownMenu.Item
            className={menu['item']}
            onSelect={() => openDialog({ type: 'settings', page: 'secrets' })}
          >
            <Plus size={13} />
            Add a secret …
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
