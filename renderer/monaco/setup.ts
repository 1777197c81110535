import * as monaco from 'monaco-editor/editor/editor.api'
// All features: the editor's services are fixed once the first editor stands, so none may come later.
import 'monaco-editor/features/register.all'
import 'monaco-editor/languages/definitions/javascript/register'
import 'monaco-editor/languages/definitions/typescript/register'
import 'monaco-editor/languages/features/json/register'
import * as typescript from 'monaco-editor/languages/features/typescript/register'
import EditorWorker from 'monaco-editor/editor/editor.worker?worker'
import JsonWorker from 'monaco-editor/language/json/json.worker?worker'
import TypeScriptWorker from 'monaco-editor/language/typescript/ts.worker?worker'
import { currentTheme } from '../theme/theme.ts'

export { monaco }

/** `return` outside of a function and `await` at the top: code settings are bodies of functions. */
const bodyCodes = [1108, 1375, 1378]

self.MonacoEnvironment = {
  getWorker: (_moduleId: string, label: string) => {
    if (label === 'json') return new JsonWorker()
    if (label === 'typescript' || label === 'javascript') return new TypeScriptWorker()
    return new EditorWorker()
  },
}

typescript.javascriptDefaults.setEagerModelSync(true)
typescript.javascriptDefaults.setCompilerOptions({
  target: typescript.ScriptTarget.ESNext,
  allowNonTsExtensions: true,
  allowJs: true,
  checkJs: true,
  lib: ['es2023'],
})
typescript.javascriptDefaults.setDiagnosticsOptions({ diagnosticCodesToIgnore: bodyCodes })

let current = ''

/** Tells completion and checking what the code in the focused editor can see. */
export function scopeDeclarations(declarations: string | undefined): void {
  const content = declarations ?? ''
  if (content === current) return
  current = content
  typescript.javascriptDefaults.setExtraLibs([{ content, filePath: 'file:///scope.d.ts' }])
}

/** The editor takes `#rrggbb` alone; a build shortens colours where it can. */
function longHex(color: string): string {
  return /^#[\da-f]{3,4}$/i.test(color) ? color.replace(/[\da-f]/gi, '$&$&') : color
}

/** Colours of the editor, read from the page's own theme. */
function defineThemes(): void {
  const style = getComputedStyle(document.documentElement)
  const color = (name: string) => longHex(style.getPropertyValue(name).trim())
  const theme = currentTheme()
  monaco.editor.defineTheme('switchyard', {
    base: theme === 'dark' ? 'vs-dark' : 'vs',
    inherit: true,
    rules: [],
    colors: {
      'editor.background': color('--card'),
      'editor.foreground': color('--text'),
      'editorLineNumber.foreground': color('--text-3'),
      'editorLineNumber.activeForeground': color('--text-2'),
      'editorWidget.background': color('--panel'),
      'editorWidget.border': color('--line-strong'),
      'editorSuggestWidget.selectedBackground': color('--accent-soft'),
      'editorSuggestWidget.selectedForeground': color('--text'),
      focusBorder: color('--accent'),
    },
  })
  monaco.editor.setTheme('switchyard')
}

/** Dresses the editors in the page's theme and follows its changes. The result stops that. */
export function wearTheme(): () => void {
  defineThemes()
  const observer = new MutationObserver(defineThemes)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  return () => observer.disconnect()
}
