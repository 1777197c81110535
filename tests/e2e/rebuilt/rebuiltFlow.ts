import type { JsonObject } from '../../../model/json.ts'

/**
 * A workflow that people built in another tool, as it looks here: what a person sets by gestures, in the order in
 * which they would. Services it called are played by local servers; `{{ input.base }}` is their address.
 */
export interface RebuiltFlow {
  readonly name: string
  /** Nodes in the order of adding. */
  readonly nodes: readonly RebuiltNode[]
  /** Edges in the file's form. */
  readonly edges: readonly string[]
  readonly input: JsonObject
}

export interface RebuiltNode {
  readonly id: string
  readonly kind: string
  readonly label: string
  /** Settings that differ from the kind's defaults, by the field's name. */
  readonly data: JsonObject
  readonly params?: JsonObject
}
