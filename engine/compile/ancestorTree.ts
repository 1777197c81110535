/**
 * A tree that grows by leaves and answers for the nearest common ancestor in logarithmic time, by jump pointers
 * (Myers, "An applicative random-access stack", 1983). Dominators of an acyclic graph fall out of it: a node's parent
 * is the nearest common ancestor of its predecessors.
 */
export class AncestorTree {
  private readonly parents: number[] = []
  private readonly jumps: number[] = []
  private readonly depths: number[] = []

  constructor(root: number) {
    this.parents[root] = root
    this.jumps[root] = root
    this.depths[root] = 0
  }

  has(node: number): boolean {
    return this.depths[node] !== undefined
  }

  parent(node: number): number {
    return this.parents[node] ?? node
  }

  add(node: number, parent: number): void {
    const jump = this.jump(parent)
    const isEven = this.depth(parent) - this.depth(jump) === this.depth(jump) - this.depth(this.jump(jump))
    this.parents[node] = parent
    this.jumps[node] = isEven ? this.jump(jump) : parent
    this.depths[node] = this.depth(parent) + 1
  }

  /** The nearest node that is above, or is, each of the two. */
  common(a: number, b: number): number {
    let one = this.lift(a, this.depth(b))
    let other = this.lift(b, this.depth(a))
    while (one !== other) {
      const canJump = this.jump(one) !== this.jump(other)
      one = canJump ? this.jump(one) : this.parent(one)
      other = canJump ? this.jump(other) : this.parent(other)
    }
    return one
  }

  /** The nearest common ancestor of all that stand in the tree; undefined for none. */
  commonOf(nodes: readonly number[]): number | undefined {
    let common: number | undefined
    for (const node of nodes) {
      if (this.has(node)) common = common === undefined ? node : this.common(common, node)
    }
    return common
  }

  /** Whether `ancestor` is above `node` or is it. */
  isAbove(ancestor: number, node: number): boolean {
    return this.lift(node, this.depth(ancestor)) === ancestor
  }

  private lift(node: number, depth: number): number {
    let at = node
    while (this.depth(at) > depth) at = this.depth(this.jump(at)) >= depth ? this.jump(at) : this.parent(at)
    return at
  }

  private jump(node: number): number {
    return this.jumps[node] ?? node
  }

  private depth(node: number): number {
    return this.depths[node] ?? 0
  }
}
