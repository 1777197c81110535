import type { Flow, Policy } from '../../model/document.ts'
import { setData, setPolicy } from '../../model/edits/settings.ts'
import { isNodeId } from '../../model/flowSchema.ts'
import { isJsonObject, jsonEquals, type Json, type JsonObject } from '../../model/json.ts'
import { renameNode, verbatimOf } from '../../model/renameNode.ts'
import { kinds } from '../kinds.ts'

/** The value at a dotted path of a node's settings as written; undefined where it is not set. */
export function valueAt(data: JsonObject | undefined, name: string): Json | undefined {
  let value: Json | undefined = data
  for (const key of name.split('.')) {
    if (!isJsonObject(value) || !Object.hasOwn(value, key)) return undefined
    value = value[key]
  }
  return value
}

/** Changes a setting of a node; the flow itself where it has that value already. */
export function setSetting(flow: Flow, id: string, name: string, value: Json | undefined): Flow {
  return jsonEquals(valueAt(flow.nodes[id]?.data, name), value) ? flow : setData(flow, id, name, value)
}

/** Changes one entry of a node's policy; undefined takes it away. */
export function setPolicyEntry<K extends keyof Policy>(
  flow: Flow,
  id: string,
  key: K,
  value: Policy[K] | undefined,
): Flow {
  const before = flow.nodes[id]?.policy
  const others = Object.fromEntries(Object.entries(before ?? {}).filter(([other]) => other !== key))
  const policy: Policy = value === undefined ? others : { ...before, [key]: value }
  return setPolicy(flow, id, Object.keys(policy).length === 0 ? undefined : policy)
}

/** Why a node cannot have this id; undefined where it can. */
export function idProblem(flow: Flow, oldId: string, newId: string): string | undefined {
  if (newId === oldId) return undefined
  if (!isNodeId(newId)) return 'An id begins with a letter and holds letters, digits, _ and $.'
  if (Object.hasOwn(flow.nodes, newId)) return 'Another node has this id.'
  return undefined
}

/** Renames a node's id, in every expression too. */
export function setId(flow: Flow, oldId: string, newId: string): Flow {
  return oldId === newId || idProblem(flow, oldId, newId) !== undefined
    ? flow
    : renameNode(flow, oldId, newId, verbatimOf(kinds))
}
