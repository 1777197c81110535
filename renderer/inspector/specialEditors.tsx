import { isJsonObject } from '../../model/json.ts'
import { useFiles } from '../files/fileStore.ts'
import { CodeField } from '../monaco/CodeField.tsx'
import { useDeclarations } from '../monaco/useDeclarations.ts'
import { useModels } from '../settings/modelStore.ts'
import type { EditorProps } from './fieldEditor.ts'
import { SchemaEditor } from './SchemaEditor.tsx'
import { SuggestedText } from './textEditors.tsx'

/** The body of a JavaScript function. */
export function CodeSetting({ field, id, value, onChange, onBlur, invalid, node }: EditorProps) {
  const declarations = useDeclarations(node)
  return (
    <CodeField
      id={id}
      language="javascript"
      label={field.label}
      value={typeof value === 'string' ? value : ''}
      declarations={declarations}
      invalid={invalid}
      onChange={(text) => onChange(text === '' ? undefined : text)}
      onBlur={onBlur}
    />
  )
}

/** A JSON Schema. */
export function SchemaSetting({ id, value, onChange, onBlur }: EditorProps) {
  return (
    <SchemaEditor
      id={id}
      value={isJsonObject(value) ? value : undefined}
      onChange={onChange}
      onBlur={onBlur}
      noun="field"
    />
  )
}

/** `provider/model`, with the models that the connection tests have found. */
export function ModelSetting(props: EditorProps) {
  return <SuggestedText {...props} suggestions={useModels()} />
}

/** The path of another flow of the workspace. */
export function FlowSetting(props: EditorProps) {
  const files = useFiles((state) => state.files)
  return <SuggestedText {...props} suggestions={files.map((file) => file.path)} />
}
