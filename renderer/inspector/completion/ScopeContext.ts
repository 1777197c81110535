import { createContext } from 'react'
import type { Shape } from './shape.ts'

/** What expressions typed below can read, worked out when it is first asked for; undefined where there are none. */
export const ScopeContext = createContext<(() => Shape) | undefined>(undefined)
