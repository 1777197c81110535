import { type AddRequest, canvasStore, type Point, type WireEnd } from '../canvasStore.ts'

/** Opens the search list for a new node. */
export function openAdd(request: AddRequest): void {
  canvasStore.setState({ adding: request, connectingTo: undefined, menu: undefined })
}

/** Opens the search list for a node that is put into an edge; `at` is the edge's middle, in canvas units. */
export function openAddOnEdge(edge: string, screen: Point, at: Point): void {
  openAdd({ screen, at, edge })
}

/** Opens the search list for a node that goes on from (or leads to, or supplies) this end. */
export function openAddFrom(from: WireEnd, screen: Point, at?: Point): void {
  openAdd(at ? { screen, from, at } : { screen, from })
}
