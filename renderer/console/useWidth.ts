import { useEffect, useState } from 'react'

/** The width of an element in CSS pixels, kept up to date; 800 before it is known. */
export function useWidth(element: HTMLElement | null): number {
  const [width, setWidth] = useState(800)
  useEffect(() => {
    if (!element) return undefined
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setWidth(entry.contentRect.width)
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [element])
  return width
}
