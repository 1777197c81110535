import type { KindRegistry } from '../../model/nodeSpec.ts'
import type { RequestResults } from '../../model/protocol.ts'
import { loadFlow } from './loadFlow.ts'

export type ExportFormat = 'json' | 'ts' | 'mermaid'

/** The compiled machine as text; empty where the flow has errors. */
export async function exportFlow(
  text: string,
  kinds: KindRegistry,
  file: string,
  format: ExportFormat,
): Promise<RequestResults['flow.compile']> {
  const { flow, machine, diagnostics } = loadFlow(text, kinds, file)
  if (!flow || !machine) return { text: '', diagnostics }
  if (format === 'json') return { text: `${JSON.stringify(machine, null, 2)}\n`, diagnostics }
  if (format === 'mermaid') return { text: (await import('../export/mermaid.ts')).exportMermaid(machine), diagnostics }
  return { text: (await import('../export/ts.ts')).exportTypeScript(machine, kinds), diagnostics }
}
