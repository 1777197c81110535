import type { Flow } from '../../model/document.ts'
import { serializeFlow } from '../../model/flowFile.ts'

const texts = new WeakMap<Flow, string>()

/** A flow as its file's text; written once per version of the flow, however many ask for it. */
export function flowText(flow: Flow): string {
  const known = texts.get(flow)
  if (known !== undefined) return known
  const text = serializeFlow(flow)
  texts.set(flow, text)
  return text
}
