import type { Flow } from '../../model/document.ts'
import { outsideServices, type ServiceName } from '../../model/nodeSpec.ts'
import { kinds } from '../kinds.ts'

const needed = new WeakMap<Flow['nodes'], readonly ServiceName[]>()

/** The services outside the process that a flow's nodes would use, in a fixed order. */
export function neededServices({ nodes }: Flow): readonly ServiceName[] {
  const known = needed.get(nodes)
  if (known) return known
  const usedKinds = new Set(Object.values(nodes).map((node) => node.kind))
  const used = new Set([...usedKinds].flatMap((kind) => kinds.get(kind)?.needs ?? []))
  const services = outsideServices.filter((service) => used.has(service))
  needed.set(nodes, services)
  return services
}

/** Whether nothing in a flow reaches outside the process, so that it runs without trust. EXECUTION.md 11.5. */
export function needsNothing(flow: Flow): boolean {
  return neededServices(flow).length === 0 && (flow.env ?? []).length === 0
}

const words: Readonly<Record<string, string>> = {
  model: 'send text to language models',
  http: 'call web addresses',
  files: 'read and write files of this workspace',
  shell: 'run programs on this machine',
}

/** What a service lets a flow do, completing "it may …". */
export function serviceWords(service: string): string {
  return words[service] ?? `use ${service}`
}
