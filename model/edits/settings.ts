import type { Flow, Pin, Policy } from '../document.ts'
import { isJsonObject, type Json, type JsonObject, type JsonSchema } from '../json.ts'
import { copyMap, filterMap } from '../maps.ts'
import { changeNode } from './changeNode.ts'

/**
 * Sets one setting by its dotted path (`headers.accept`, `cases.0.when`); undefined takes it out. Objects on the way
 * are made; a number names an item of a list where a list stands.
 */
export function setData(flow: Flow, id: string, path: string, value: Json | undefined): Flow {
  return changeNode(flow, id, (node) => {
    const data = setAt(node.data ?? {}, path.split('.'), value)
    if (data === node.data || !isJsonObject(data)) return node
    const { data: _old, ...rest } = node
    return Object.keys(data).length === 0 ? rest : { ...rest, data }
  })
}

/** Replaces all settings. */
export function replaceData(flow: Flow, id: string, data: JsonObject): Flow {
  return changeNode(flow, id, (node) => ({ ...node, data }))
}

/** Sets a value below a JSON value, sharing the rest; undefined takes the key out. `__proto__` is no key. */
export function setAt(target: Json | undefined, path: readonly string[], value: Json | undefined): Json | undefined {
  const [key, ...rest] = path
  if (key === undefined) return value
  if (key === '__proto__') return target
  if (Array.isArray(target) && /^\d+$/.test(key)) return setItem(target, Number(key), rest, value)
  const object = isJsonObject(target) ? target : {}
  const old = Object.hasOwn(object, key) ? object[key] : undefined
  const next = setAt(old, rest, value)
  if (next === old) return target
  if (next !== undefined) return { ...object, [key]: next }
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key))
}

function setItem(list: Json[], index: number, rest: readonly string[], value: Json | undefined): Json[] {
  const next = setAt(list[index], rest, value)
  if (next === list[index] || index > list.length) return list
  return next === undefined ? list.toSpliced(index, 1) : list.toSpliced(index, 1, next)
}

/** Gives a node a label; an empty one takes it away. */
export function setLabel(flow: Flow, id: string, label: string): Flow {
  return changeNode(flow, id, (node) => {
    if ((node.label ?? '') === label) return node
    const { label: _old, ...rest } = node
    return label === '' ? rest : { ...rest, label }
  })
}

/** Replaces a node's policy; one without members is taken out. */
export function setPolicy(flow: Flow, id: string, policy: Policy | undefined): Flow {
  return changeNode(flow, id, (node) => {
    const { policy: _old, ...rest } = node
    return policy && Object.keys(policy).length > 0 ? { ...rest, policy } : rest
  })
}

/** Lets nodes pass their input through, on `port` where the kind has no `out`; `false` lets them run again. */
export function setDisabled(flow: Flow, ids: Iterable<string>, disabled: boolean | { readonly port: string }): Flow {
  let result = flow
  for (const id of ids) {
    result = changeNode(result, id, (node) => {
      const { disabled: _old, ...rest } = node
      return disabled === false ? rest : { ...rest, disabled }
    })
  }
  return result
}

/** Sets what a model may fill in when the node is a tool. */
export function setParams(flow: Flow, id: string, params: JsonSchema | undefined): Flow {
  return changeNode(flow, id, (node) => {
    const { params: _old, ...rest } = node
    return params ? { ...rest, params } : rest
  })
}

/** Pins an output to a node, or takes the pin away. */
export function setPin(flow: Flow, id: string, pin: Pin | undefined): Flow {
  const { pins, ...rest } = flow
  if (pin) {
    const next = copyMap(pins ?? {})
    next[id] = pin
    return { ...flow, pins: next }
  }
  const kept = filterMap(pins ?? {}, (key) => key !== id)
  return kept === pins ? flow : { ...rest, ...(Object.keys(kept).length > 0 && { pins: kept }) }
}

export type FlowKey = 'name' | 'description' | 'inputs' | 'concurrency' | 'env'

/** Changes a setting of the flow itself; undefined takes it away. */
export function withFlowKey<K extends FlowKey>(flow: Flow, key: K, value: Flow[K] | undefined): Flow {
  if (value !== undefined) return flow[key] === value ? flow : { ...flow, [key]: value }
  if (!(key in flow)) return flow
  const { [key]: _gone, ...rest } = flow
  return { ...rest, name: flow.name, format: flow.format, nodes: flow.nodes, edges: flow.edges }
}
