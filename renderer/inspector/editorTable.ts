import type { Field } from '../../model/nodeSpec.ts'
import { CasesEditor } from './CasesEditor.tsx'
import type { FieldEditor } from './fieldEditor.ts'
import { ListEditor } from './ListEditor.tsx'
import { PairsEditor } from './PairsEditor.tsx'
import { CodeSetting, FlowSetting, ModelSetting, SchemaSetting } from './specialEditors.tsx'
import {
  BooleanEditor,
  DurationEditor,
  ExpressionEditor,
  JsonEditor,
  NumberEditor,
  SelectEditor,
  TextEditor,
} from './textEditors.tsx'

/** How each kind of setting is edited. */
export const editors: Readonly<Record<Field['editor'], FieldEditor>> = {
  text: TextEditor,
  multiline: TextEditor,
  path: TextEditor,
  expression: ExpressionEditor,
  code: CodeSetting,
  json: JsonEditor,
  schema: SchemaSetting,
  number: NumberEditor,
  boolean: BooleanEditor,
  select: SelectEditor,
  duration: DurationEditor,
  list: ListEditor,
  pairs: PairsEditor,
  cases: CasesEditor,
  model: ModelSetting,
  flow: FlowSetting,
}

/** Editors whose text is shown evaluated under the field. */
export const previewed: ReadonlySet<Field['editor']> = new Set([
  'text',
  'multiline',
  'path',
  'expression',
  'json',
  'number',
])
