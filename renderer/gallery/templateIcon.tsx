import { Bot, FileText, Globe, SquareTerminal, Workflow, type LucideIcon } from 'lucide-react'
import type { TemplateSummary } from '../../model/protocol.ts'

const byService: readonly (readonly [string, LucideIcon])[] = [
  ['model', Bot],
  ['shell', SquareTerminal],
  ['http', Globe],
  ['files', FileText],
]

/** The glyph of a template: that of the strongest service it uses. */
export function templateIcon(template: TemplateSummary): LucideIcon {
  return byService.find(([service]) => template.services.includes(service))?.[1] ?? Workflow
}
