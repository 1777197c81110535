import { hasErrors, type Diagnostic } from '../../model/diagnostics.ts'
import type { Flow } from '../../model/document.ts'
import { parseFlow } from '../../model/flowFile.ts'
import type { KindRegistry } from '../../model/nodeSpec.ts'
import { compile } from '../compile/compile.ts'
import type { FlowMachine } from '../compile/machine.ts'

/** A flow text, parsed and compiled: everything there is to know without running it. */
export interface LoadedFlow {
  /** Absent where the text is no flow. */
  readonly flow?: Flow
  /** Absent where a diagnostic is an error. */
  readonly machine?: FlowMachine
  readonly diagnostics: Diagnostic[]
}

/** Parses and compiles. Executes nothing, reads nothing. `file` names the flow in diagnostics. */
export function loadFlow(text: string, kinds: KindRegistry, file: string): LoadedFlow {
  const { flow, diagnostics: parsing } = parseFlow(text, file)
  if (!flow) return { diagnostics: [...parsing] }
  const { machine, diagnostics: compiling } = compile(flow, kinds, file)
  const diagnostics = [...parsing, ...compiling]
  return { flow, diagnostics, ...(machine && !hasErrors(diagnostics) && { machine }) }
}
