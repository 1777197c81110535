import { canvasAttribute } from '../keymap/dispatcher.ts'

/** Gives the canvas the keyboard, so that its keys work. */
export function focusCanvas(): void {
  document.querySelector<HTMLElement>(`[${canvasAttribute}]`)?.focus({ preventScroll: true })
}
