/**
 * Node paths as events carry them: ids joined by `/`, a container with its iteration in brackets (`each1[3]/fetch`), an
 * item of a node under `policy.each` with its index (`fetch[2]`), a call of an agent below the agent (`agent/call3`).
 * EXECUTION.md 8.2.
 */

/** The last part without its index: the node's id in the flow file, or the call's name. */
export function nodeIdOf(path: string): string {
  const last = path.slice(path.lastIndexOf('/') + 1)
  const bracket = last.indexOf('[')
  return bracket === -1 ? last : last.slice(0, bracket)
}

/**
 * The step that contains a path: `each1[3]` of `each1[3]/fetch`, `agent` of `agent/call3`, `fetch` of `fetch[2]`;
 * undefined for a node of the flow's own scope.
 */
export function ownerOf(path: string): string | undefined {
  if (path.endsWith(']')) return path.slice(0, path.lastIndexOf('['))
  const slash = path.lastIndexOf('/')
  return slash === -1 ? undefined : path.slice(0, slash)
}

/** Whether a path is that of a node of the flow file, and not of an item or a call of one. */
export function isNodePath(path: string): boolean {
  if (path.endsWith(']')) return false
  const owner = ownerOf(path)
  return owner === undefined || owner.endsWith(']')
}
