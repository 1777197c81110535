import { useEffect } from 'react'
import { canvasStore } from './canvasStore.ts'
import { forgetTextWidths, labelFont, noteFont, smallFont } from './textWidth.ts'

let loading: Promise<void> | undefined

async function loadFonts(): Promise<void> {
  if (!('fonts' in document)) return
  await Promise.all([labelFont, smallFont, noteFont].map((font) => document.fonts.load(font)))
  forgetTextWidths()
  canvasStore.setState((state) => ({ fontGeneration: state.fontGeneration + 1 }))
}

/** Measures the cards anew when the page's fonts have arrived: until then texts have another font's widths. */
export function useFonts(): void {
  useEffect(() => {
    loading ??= loadFonts().catch((error: unknown) => {
      console.warn('The fonts did not load; cards keep the widths of the fallback font.', error)
    })
  }, [])
}
