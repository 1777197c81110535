import { parseEdge } from '../../model/edges.ts'
import type { FlowMachine, PlannedNode } from '../compile/machine.ts'

/** Draws a compiled flow as a Mermaid flowchart: decisions as diamonds, containers as subgraphs, supplies dashed. */
export function exportMermaid(machine: FlowMachine): string {
  const { nodes, scopes } = machine.meta.switchyard
  const lines = ['flowchart TD']
  const draw = (parent: string | undefined, indent: string): void => {
    for (const [id, node] of Object.entries(nodes)) {
      if (node.parent !== parent) continue
      if (!Object.hasOwn(scopes, id)) {
        lines.push(`${indent}${nameOf(id)}${shapeOf(id, node)}`)
        continue
      }
      lines.push(`${indent}subgraph ${nameOf(id)}[${quoted(node.label ?? id)}]`)
      draw(id, `${indent}  `)
      lines.push(`${indent}end`)
    }
  }
  draw(undefined, '  ')
  for (const scope of [machine, ...Object.values(scopes)])
    lines.push(...scope.meta.tokens.edges.map((edge) => `  ${arrowOf(edge)}`))
  for (const [id, node] of Object.entries(nodes)) {
    for (const [port, suppliers] of Object.entries(node.supplies ?? {})) {
      lines.push(...suppliers.map((supplier) => `  ${nameOf(supplier)} -.->|${quoted(port)}| ${nameOf(id)}`))
    }
  }
  return `${lines.join('\n')}\n`
}

const words = new Set(
  'end graph subgraph flowchart style class classDef click default direction linkStyle call href interpolate'.split(
    ' ',
  ),
)

/** A node's id, changed where Mermaid would read it as something else. */
function nameOf(id: string): string {
  const name = id.replaceAll('$', '_S_')
  return words.has(name) ? `${name}_` : name
}

function shapeOf(id: string, node: PlannedNode): string {
  const text = quoted(node.label === undefined ? id : `${node.label} (${id})`)
  const role = node.role?.type
  if (role === 'decision') return `{${text}}`
  return role === 'start' || role === 'trigger' || role === 'return' || role === 'fail' ? `([${text}])` : `[${text}]`
}

function arrowOf(text: string): string {
  const edge = parseEdge(text)
  if (!edge) throw new TypeError(`The machine names what is no edge: ${text}`)
  const label = edge.fromPort === 'out' ? '' : `|${quoted(edge.fromPort)}|`
  return `${nameOf(edge.from)} -->${label} ${nameOf(edge.to)}`
}

function quoted(text: string): string {
  return `"${text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\n', '<br>')}"`
}
