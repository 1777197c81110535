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
  /** Of a loop: evaluated round by round. */
  readonly conditions: Readonly<Record<'while' | 'until', SettingsPlan>>
}

/** Settings that are evaluated when the node starts; a loop's conditions come later. */
function atStart({ data, role }: PlannedNode): JsonObject {
  if (role?.type !== 'container' || role.iterates !== 'loop') return data
  return Object.fromEntries(Object.entries(data).filter(([name]) => name !== 'while' && name !== 'until'))
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

  condition(planned: PlannedNode, name: 'while' | 'until'): SettingsPlan {
    return this.#of(planned).conditions[name]
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
    const condition = (name: 'while' | 'until'): SettingsPlan =>
      planSettings({ value: planned.data[name] ?? null }, { verbatim: [], expressions: ['value'] })
    const plans: Plans = {
      settings: planSettings(atStart(planned), rules),
      conditions: { while: condition('while'), until: condition('until') },
      ...(each && { items: planSettings({ items: each.items }, { verbatim: [], expressions: ['items'] }) }),
    }
    this.#plans.set(planned, plans)
    return plans
  }

  #spec(planned: PlannedNode): NodeSpec | undefined {
    return this.#specs.get(planned.kind)
  }
}
