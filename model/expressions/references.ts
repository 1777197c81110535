import type {
  AnonymousFunctionDeclaration,
  AnyNode,
  ArrowFunctionExpression,
  FunctionDeclaration,
  FunctionExpression,
  Pattern,
} from 'acorn'
import { childrenOf } from './parse.ts'

/** A name read from outside the JavaScript it stands in: neither a variable, nor a parameter, nor a key. */
export interface Reference {
  readonly name: string
  readonly start: number
  /** Nodes around the name, innermost first. */
  readonly ancestors: readonly AnyNode[]
}

/** Calls `visit` for every free name of a piece of JavaScript, in source order. */
export function visitReferences(root: AnyNode, visit: (reference: Reference) => void): void {
  walk(root, [], [], visit)
}

type Names = ReadonlySet<string>

function walk(
  node: AnyNode,
  ancestors: readonly AnyNode[],
  scopes: readonly Names[],
  visit: (reference: Reference) => void,
): void {
  if (node.type === 'Identifier') {
    const isFree = !scopes.some((names) => names.has(node.name)) && isRead(node, ancestors[0])
    if (isFree) visit({ name: node.name, start: node.start, ancestors })
    return
  }
  const names = namesDeclaredBy(node)
  const inner = names.size > 0 ? [names, ...scopes] : scopes
  const around = [node, ...ancestors]
  for (const child of new Set(childrenOf(node))) walk(child, around, inner, visit)
}

/** Whether an identifier stands for a value, not for a key or label. */
function isRead(node: AnyNode, parent: AnyNode | undefined): boolean {
  switch (parent?.type) {
    case 'MemberExpression':
      return parent.computed || parent.object === node
    case 'Property':
      return parent.computed || parent.shorthand || parent.value === node
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return parent.computed || parent.value === node
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'MetaProperty':
      return false
    default:
      return true
  }
}

const none: Names = new Set()

/** The names that a node brings into scope for everything below it. */
function namesDeclaredBy(node: AnyNode): Names {
  switch (node.type) {
    case 'FunctionExpression':
    case 'FunctionDeclaration':
    case 'ArrowFunctionExpression':
      return namesOfFunction(node)
    case 'Program':
      return new Set([...node.body.flatMap(namesOfStatement), ...varsBelow(node)])
    case 'BlockStatement':
    case 'StaticBlock':
      return new Set(node.body.flatMap(namesOfStatement))
    case 'SwitchStatement':
      return new Set(node.cases.flatMap((one) => one.consequent).flatMap(namesOfStatement))
    case 'CatchClause':
      return node.param ? new Set(namesOfPattern(node.param)) : none
    case 'ClassExpression':
      return node.id ? new Set([node.id.name]) : none
    default:
      return namesOfLoop(node)
  }
}

function namesOfFunction(
  node: FunctionExpression | FunctionDeclaration | AnonymousFunctionDeclaration | ArrowFunctionExpression,
): Names {
  const own = node.id ? [node.id.name] : []
  const implicit = node.type === 'ArrowFunctionExpression' ? [] : ['arguments']
  return new Set([...own, ...implicit, ...node.params.flatMap(namesOfPattern), ...varsBelow(node.body)])
}

function namesOfLoop(node: AnyNode): Names {
  if (node.type === 'ForStatement') return node.init ? new Set(namesOfStatement(node.init)) : none
  if (node.type === 'ForInStatement' || node.type === 'ForOfStatement') return new Set(namesOfStatement(node.left))
  return none
}

function namesOfStatement(node: AnyNode): string[] {
  if (node.type === 'VariableDeclaration') return node.declarations.flatMap((one) => namesOfPattern(one.id))
  if ((node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') && node.id) return [node.id.name]
  return []
}

/** `var` reaches the whole function, however deep it stands in it. */
function varsBelow(node: AnyNode): string[] {
  if (node.type === 'VariableDeclaration') return node.kind === 'var' ? namesOfStatement(node) : []
  const isOther = node.type.includes('Function') || node.type.startsWith('Class')
  return isOther ? [] : childrenOf(node).flatMap(varsBelow)
}

function namesOfPattern(pattern: Pattern): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name]
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element ? namesOfPattern(element) : []))
    case 'ObjectPattern':
      return pattern.properties.flatMap((one) => namesOfPattern(one.type === 'Property' ? one.value : one))
    case 'AssignmentPattern':
      return namesOfPattern(pattern.left)
    case 'RestElement':
      return namesOfPattern(pattern.argument)
    default:
      return []
  }
}
