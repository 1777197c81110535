/** The type under which a dragged value carries the expression that reads it, bare. */
export const pathDragType = 'application/x-switchyard-path'
