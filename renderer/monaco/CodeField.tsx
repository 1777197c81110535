import { lazy, Suspense, useLayoutEffect, useRef, useState, type RefObject } from 'react'
import { Maximize2 } from 'lucide-react'
import { IconButton } from '../controls/Button.tsx'
import { Dialog } from '../controls/Dialog.tsx'
import { TextArea } from '../controls/inputs.tsx'
import styles from './CodeField.module.css'
import type { CodeLanguage } from './codeLanguage.ts'

const CodeEditor = lazy(() => import('./CodeEditor.tsx'))

interface CodeFieldProps {
  readonly id: string
  readonly language: CodeLanguage
  readonly value: string
  readonly label: string
  readonly onChange: (value: string) => void
  readonly onBlur: () => void
  /** TypeScript declarations of what the code can see. */
  readonly declarations?: string | undefined
  readonly invalid?: boolean
}

/** Code in the inspector: the editor proper is loaded when it is first needed, and can be opened in a window. */
export function CodeField(props: CodeFieldProps) {
  const [large, setLarge] = useState(false)
  const lines = props.value.split('\n').length
  return (
    <div className={styles['field']} data-invalid={props.invalid}>
      <div className={styles['editor']} style={{ height: Math.min(320, Math.max(96, lines * 19 + 20)) }}>
        {!large && <LazyEditor {...props} />}
      </div>
      <IconButton label="Open in a window" size="s" className={styles['enlarge']} onClick={() => setLarge(true)}>
        <Maximize2 size={13} />
      </IconButton>
      <Dialog open={large} onClose={() => setLarge(false)} title={props.label} width={1000}>
        <div className={styles['large']}>{large && <LazyEditor {...props} />}</div>
      </Dialog>
    </div>
  )
}

function LazyEditor(props: CodeFieldProps) {
  const caret = useRef<number>(undefined)
  return (
    <Suspense fallback={<PlainEditor {...props} caret={caret} />}>
      <CodeEditor {...props} caret={caret} />
    </Suspense>
  )
}

interface PlainEditorProps extends CodeFieldProps {
  /** Set to where one was writing when the editor proper took over. */
  readonly caret: RefObject<number | undefined>
}

/** Takes what is typed while the editor proper is loaded. */
function PlainEditor({ id, value, label, onChange, onBlur, caret }: PlainEditorProps) {
  const area = useRef<HTMLTextAreaElement>(null)
  useLayoutEffect(() => {
    const element = area.current
    return () => {
      caret.current = element !== null && document.activeElement === element ? element.selectionStart : undefined
    }
  }, [caret])
  return (
    <TextArea
      ref={area}
      id={id}
      mono
      aria-label={label}
      className={styles['plain']}
      value={value}
      onChange={onChange}
      onBlur={onBlur}
    />
  )
}
