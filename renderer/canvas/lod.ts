import { createContext, useContext } from 'react'

/** How much a card shows: everything; glyph, state and one line; or a block of colour. */
export type LevelOfDetail = 'full' | 'low' | 'block'

const lowBelow = 0.4
const blockBelow = 0.2

/** The level of detail at a zoom. */
export function levelAt(zoom: number): LevelOfDetail {
  if (zoom < blockBelow) return 'block'
  return zoom < lowBelow ? 'low' : 'full'
}

export const LevelContext = createContext<LevelOfDetail>('full')

/** The level at which cards are drawn now; changes only when a border is passed, not with every step of the zoom. */
export function useLevel(): LevelOfDetail {
  return useContext(LevelContext)
}
