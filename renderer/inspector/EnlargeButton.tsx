import { Maximize2 } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import type { Json } from '../../model/json.ts'
import { IconButton } from '../controls/Button.tsx'
import { Dialog } from '../controls/Dialog.tsx'
import type { CodeLanguage } from '../monaco/codeLanguage.ts'
import { useDeclarations } from '../monaco/useDeclarations.ts'
import { expressionToText, jsonToText, textToExpression, textToJson } from './expressionText.ts'
import styles from './EnlargeButton.module.css'
import { useTyped } from './useTyped.ts'

const CodeEditor = lazy(() => import('../monaco/CodeEditor.tsx'))

/** Settings that can be edited in a window, and the language they are in there. */
export const enlargeable: Readonly<Record<string, CodeLanguage>> = {
  multiline: 'text',
  expression: 'expression',
  json: 'json',
}

interface EnlargeButtonProps {
  readonly label: string
  readonly language: CodeLanguage
  readonly node: string
  readonly value: Json | undefined
  readonly onChange: (value: Json | undefined) => void
  readonly onBlur: () => void
}

/** Opens a setting in a window with the code editor, with completion and checking by the types of its scope. */
export function EnlargeButton(props: EnlargeButtonProps) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <IconButton label="Edit in a window" size="s" className={styles['button']} onClick={() => setOpen(true)}>
        <Maximize2 size={12} />
      </IconButton>
      {open && (
        <LargeEditor
          {...props}
          onClose={() => {
            setOpen(false)
            props.onBlur()
          }}
        />
      )}
    </>
  )
}

function LargeEditor({
  label,
  language,
  node,
  value,
  onChange,
  onBlur,
  onClose,
}: EnlargeButtonProps & { readonly onClose: () => void }) {
  const declarations = useDeclarations(node)
  const format = language === 'expression' ? expressionToText : language === 'json' ? jsonToText : plainText
  const [text, type] = useTyped(value, format)
  const change = (next: string) => {
    const read =
      language === 'json'
        ? textToJson(next)
        : { value: language === 'expression' ? textToExpression(next) : next || undefined }
    type(next, 'value' in read ? read.value : value)
    if ('value' in read) onChange(read.value)
  }
  return (
    <Dialog open onClose={onClose} title={label} description={hints[language]} width={1000}>
      <div className={styles['editor']} data-language={language}>
        <Suspense fallback={<p>Loading the editor …</p>}>
          <CodeEditor
            language={language}
            label={label}
            value={text}
            onChange={change}
            onBlur={onBlur}
            declarations={declarations}
          />
        </Suspense>
      </div>
    </Dialog>
  )
}

const hints: Readonly<Record<CodeLanguage, string>> = {
  javascript: 'The body of a function.',
  expression: 'One JavaScript expression, without braces.',
  json: 'JSON; strings may hold {{ expressions }}.',
  text: 'Text that may hold {{ expressions }}.',
}

function plainText(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}
