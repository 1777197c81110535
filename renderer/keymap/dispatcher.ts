import { matchesChord, parseChord } from './chord.ts'
import { chordsOf, runCommand } from './commands.ts'
import { currentHost } from './host.ts'
import { commandEntries, type CommandId, commandIds } from './table.ts'

/** Marks the element whose focus counts as the canvas's. */
export const canvasAttribute = 'data-canvas'

/** Whether an element takes text: keys are its own then. */
export function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target.closest('.monaco-editor')) return true
  if (target instanceof HTMLInputElement)
    return !['checkbox', 'radio', 'button', 'range', 'color'].includes(target.type)
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
}

/** Whether the canvas has the keyboard. A button or menu inside it keeps Enter, Escape and the arrows for itself. */
export function hasCanvasFocus(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false
  if (target === document.body) return true
  return (
    target.closest(`[${canvasAttribute}]`) !== null && target.closest('button, a, [role=menu], [role=dialog]') === null
  )
}

/** Whether a command listens where the key was pressed. */
function applies(id: CommandId, event: KeyboardEvent): boolean {
  const entry = commandEntries[id]
  if (entry.native) return false
  if (isTextField(event.target)) return entry.inFields === true
  return entry.where === 'anywhere' || hasCanvasFocus(event.target)
}

/** The commands that a key press could mean, those of the canvas first: they apply only where it has the keyboard. */
function commandsOf(event: KeyboardEvent): CommandId[] {
  const { mac } = currentHost()
  const meant = commandIds().filter((id) => {
    return chordsOf(id).some((chord) => matchesChord(parseChord(chord), event, mac)) && applies(id, event)
  })
  return meant.sort(
    (a, b) => Number(commandEntries[b].where === 'canvas') - Number(commandEntries[a].where === 'canvas'),
  )
}

/** Escape in a panel's field gives the keyboard back to the canvas, so that a flow can be built without the mouse. */
function leavesField(event: KeyboardEvent): boolean {
  return (
    event.key === 'Escape' &&
    isTextField(event.target) &&
    event.target instanceof Element &&
    !event.target.closest('.monaco-editor')
  )
}

/** Gives the canvas the keyboard, so that its keys work. */
export function focusCanvas(): void {
  document.querySelector<HTMLElement>(`[${canvasAttribute}]`)?.focus({ preventScroll: true })
}

/** Listens for the keymap's keys; returns the function that stops. Nothing fires while an input method composes. */
export function startDispatcher(target: Window = window): () => void {
  const listen = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || event.key === 'Process') return
    if (
      document.querySelector(
        '[role=dialog][data-state=open], [role=alertdialog][data-state=open], [role=menu][data-state=open]',
      )
    )
      return
    if (leavesField(event)) focusCanvas()
    else if (commandsOf(event).some((id) => runCommand(id))) event.preventDefault()
  }
  target.addEventListener('keydown', listen)
  return () => {
    target.removeEventListener('keydown', listen)
  }
}
