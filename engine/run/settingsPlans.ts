import { readsOfBody } from '../../model/expressions/reads.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import type { KindRegistry, NodeSpec } from '../../model/nodeSpec.ts'
import type { PlannedNode } from '../compile/machine.ts'
import { readPart, type Scope } from './scope.ts'
import { planSettings, type SettingsPlan } from './settings.ts'

interface Plans {
  readonly settings: SettingsPlan
  /** Of `policy.each`: what gives the items. */
  readonly items?: SettingsPlan
}

/** Parsed settings of nodes, kept as long as the machine they belong to. */
export class SettingsPlans {
  readonly #specs: KindRegistry
  readonly #plans = new WeakMap<PlannedNode, Plans>()

  constructor(specs: KindRegistry) {
    this.#specs = specs
  }

  settings(planned: PlannedNode): SettingsPlan {
    return this.#of(planned).settings
  }

  items(planned: PlannedNode): SettingsPlan | undefined {
    return this.#of(planned).items
  }

  /** What the sources among evaluated settings (those that are never templates) read of the scope. */
  sourceScope(planned: PlannedNode, data: Json, scope: Scope): JsonObject {
    const settings = typeof data === 'object' && data !== null && !Array.isArray(data) ? data : {}
    const part: JsonObject = {}
    for (const name of this.#spec(planned)?.verbatim ?? []) {
      const source = settings[name]
      if (typeof source === 'string') Object.assign(part, readPart(scope, readsOfBody(source)))
    }
    return part
  }

  #of(planned: PlannedNode): Plans {
    const known = this.#plans.get(planned)
    if (known) return known
    const spec = this.#spec(planned)
    const rules = { verbatim: spec?.verbatim ?? [], expressions: spec?.expressions ?? [] }
    const each = planned.policy?.each
    const plans: Plans = {
      settings: planSettings(planned.data, rules),
      ...(each && { items: planSettings({ items: each.items }, { verbatim: [], expressions: ['items'] }) }),
    }
    this.#plans.set(planned, plans)
    return plans
  }

  #spec(planned: PlannedNode): NodeSpec | undefined {
    return this.#specs.get(planned.kind)
  }
}
