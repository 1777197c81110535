import { canvasAttribute } from '../keymap/dispatcher.ts'

const focusable =
  'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), [tabindex="0"]'

// The resizable frames around the panels carry the attribute too, without a name.
const namedPanels = ['left', 'canvas', 'inspector', 'console'].map((name) => `[data-panel="${name}"]`).join()

/** Moves the focus to the next panel of the window, in the order left, canvas, inspector, console. */
export function focusNextPanel(): void {
  const panels = [...document.querySelectorAll<HTMLElement>(namedPanels)]
  const focused = document.activeElement
  // Where nothing has the keyboard, the canvas's keys work: it counts as there.
  const isHome = (panel: HTMLElement) => focused === document.body && panel.dataset['panel'] === 'canvas'
  const current = panels.findIndex((panel) => panel.contains(focused) || isHome(panel))
  const next = panels[(current + 1) % panels.length]
  if (!next) return
  const target =
    next.querySelector<HTMLElement>(`[${canvasAttribute}]`) ?? next.querySelector<HTMLElement>(focusable) ?? next
  target.focus()
}
