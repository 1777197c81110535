import type { KindRegistry, NodeSpec } from '../model/nodeSpec.ts'
import type { CardBody } from './sdk/card.ts'

const specModules = import.meta.glob<NodeSpec>('../nodes/*/spec.ts', { eager: true, import: 'spec' })
const cardModules = import.meta.glob<CardBody>('../nodes/*/card.tsx', { eager: true, import: 'CardBody' })

function folderOf(path: string): string {
  return path.split('/').at(-2) ?? ''
}

/** Every node kind this build knows, found by folder. */
export const kinds: KindRegistry = new Map(Object.values(specModules).map((spec) => [spec.kind, spec]))

/** What kinds show on their cards beyond the standard card, by kind. */
export const cardBodies: ReadonlyMap<string, CardBody> = new Map(
  Object.entries(cardModules).map(([path, body]) => [folderOf(path), body]),
)
