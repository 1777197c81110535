import type { Flow, Note } from '../document.ts'
import { copyMap, filterMap, own } from '../maps.ts'

/** Adds a sticky note, or replaces the one with this id. `at` is `[x, y, width, height]`. */
export function putNote(flow: Flow, id: string, note: Note): Flow {
  const notes = copyMap(flow.layout?.notes ?? {})
  notes[id] = { ...note, at: note.at.map(Math.round) }
  return { ...flow, layout: { ...flow.layout, notes } }
}

/** Adds a sticky note under a new id. */
export function addNote(flow: Flow, note: Note): { readonly flow: Flow; readonly id: string } {
  let number = 1
  while (own(flow.layout?.notes, `note${number}`)) number++
  return { flow: putNote(flow, `note${number}`, note), id: `note${number}` }
}

/** Moves a note to `[x, y]`, or resizes it with `[x, y, width, height]`. */
export function moveNote(flow: Flow, id: string, at: readonly number[]): Flow {
  const note = own(flow.layout?.notes, id)
  return note ? putNote(flow, id, { ...note, at: [...at, ...note.at.slice(at.length)] }) : flow
}

export function setNoteText(flow: Flow, id: string, text: string): Flow {
  const note = own(flow.layout?.notes, id)
  return note && note.text !== text ? putNote(flow, id, { ...note, text }) : flow
}

export function deleteNote(flow: Flow, id: string): Flow {
  const notes = flow.layout?.notes
  const kept = notes && filterMap(notes, (key) => key !== id)
  if (!kept || kept === notes) return flow
  const { notes: _old, ...layout } = flow.layout ?? {}
  return { ...flow, layout: Object.keys(kept).length > 0 ? { ...layout, notes: kept } : layout }
}
