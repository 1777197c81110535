import { canvasAttribute } from '../keymap/dispatcher.ts'

const focusable =
  'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), [tabindex="0"]'

// The resizable frames around the panels carry the attribute too, without a name.
const namedPanels = ['left', 'canvas', 'inspector', 'console'].map((name) => `[data-panel="${name}"]`).join()

/** Moves the focus to the next panel of the window, in the order left, canvas, inspector, console. */
export function focusNextPanel(): void {
  const panels = [...document.querySelectorAll<HTMLElement>(namedPanels)]
  const current = panels.findIndex((panel) => panel.contains(document.activeElement))
  const next = panels[(current + 1) % panels.length]
  if (!next) return
  const target =
    next.querySelector<HTMLElement>(`[${canvasAttribute}]`) ?? next.querySelector<HTMLElement>(focusable) ?? next
  target.focus()
}
