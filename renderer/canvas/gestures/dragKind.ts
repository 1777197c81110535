/** The type under which a kind travels while it is dragged out of the library. */
export const kindDragType = 'application/x-switchyard-kind'
