import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react'
import type { CodeLanguage } from './codeLanguage.ts'
import { monaco, scopeDeclarations, wearTheme } from './setup.ts'

interface CodeEditorProps {
  readonly language: CodeLanguage
  readonly value: string
  readonly label: string
  readonly onChange: (value: string) => void
  readonly onBlur: () => void
  readonly declarations?: string | undefined
  /** Where one was writing before this editor was there: writing goes on there. */
  readonly caret?: RefObject<number | undefined>
}

const options: monaco.editor.IStandaloneEditorConstructionOptions = {
  automaticLayout: true,
  fontFamily: "'JetBrains Mono Variable', ui-monospace, monospace",
  fontSize: 12,
  lineHeight: 19,
  minimap: { enabled: false },
  scrollBeyondLastLine: false,
  lineNumbersMinChars: 3,
  lineDecorationsWidth: 4,
  folding: false,
  glyphMargin: false,
  overviewRulerLanes: 0,
  renderLineHighlight: 'none',
  padding: { top: 8, bottom: 8 },
  tabSize: 2,
  fixedOverflowWidgets: true,
  scrollbar: { verticalScrollbarSize: 8, horizontalScrollbarSize: 8, alwaysConsumeMouseWheel: false },
  wordWrap: 'on',
}

const languageIds: Readonly<Record<CodeLanguage, string>> = {
  javascript: 'javascript',
  expression: 'javascript',
  json: 'json',
  text: 'plaintext',
}

/** The code editor proper. Loaded on demand, by `import()` alone. */
export default function CodeEditor(props: CodeEditorProps) {
  const { language, value, label, onChange, onBlur, declarations, caret } = props
  const holder = useRef<HTMLDivElement>(null)
  const editor = useRef<monaco.editor.IStandaloneCodeEditor>(undefined)
  const latest = useRef({ value, onChange, onBlur, declarations })
  latest.current = { value, onChange, onBlur, declarations }

  // In the same frame as the plain field goes, so that no key falls between the two.
  useLayoutEffect(() => {
    if (!holder.current) return undefined
    const model = monaco.editor.createModel(latest.current.value, languageIds[language])
    const created = monaco.editor.create(holder.current, {
      ...options,
      model,
      ariaLabel: label,
      lineNumbers: language === 'expression' || language === 'text' ? 'off' : 'on',
    })
    editor.current = created
    const stopTheme = wearTheme()
    created.onDidChangeModelContent(() => latest.current.onChange(model.getValue()))
    created.onDidBlurEditorText(() => latest.current.onBlur())
    created.onDidFocusEditorText(() => scopeDeclarations(latest.current.declarations))
    scopeDeclarations(latest.current.declarations)
    if (caret?.current !== undefined) {
      created.setPosition(model.getPositionAt(caret.current))
      created.focus()
      caret.current = undefined
    }
    return () => {
      stopTheme()
      created.dispose()
      model.dispose()
      editor.current = undefined
    }
    // The editor lives as long as its place; later values come in below.
  }, [language, label, caret])

  useEffect(() => {
    const current = editor.current
    if (!current || current.getValue() === value) return
    current.setValue(value)
  }, [value])

  useEffect(() => {
    if (editor.current?.hasTextFocus()) scopeDeclarations(declarations)
  }, [declarations])

  // React Flow takes Space to itself except in text fields, which this is only by its class.
  return <div ref={holder} className="nokey" style={{ height: '100%' }} data-monaco />
}
