import { ask, record, type Fold } from './fold.ts'
import { mustPause, pausedNodes } from './pause.ts'
import type { ActiveNode } from './state.ts'

/** Puts a visit in line for a slot. */
export function enqueue(fold: Fold, node: ActiveNode): void {
  node.phase = 'queued'
  fold.state.queue.push(node)
}

/** Gives a visit's slot back. */
export function releaseSlot(fold: Fold, node: ActiveNode): void {
  if (!node.holdsSlot) return
  node.holdsSlot = false
  fold.state.running--
}

/** Hands free slots to those in line, in order. Pinned and disabled nodes pass without one. */
export function fillSlots(fold: Fold): void {
  const { state, machine } = fold
  const limit = machine.meta.switchyard.concurrency
  while (state.queueHead < state.queue.length) {
    const node = state.queue[state.queueHead]
    if (!node) break
    const isStale = node.phase !== 'queued' || state.active.get(node.path) !== node
    if (!isStale && mustPause(state, node)) node.phase = 'paused'
    else if (!isStale && state.running >= limit && needsSlot(node)) break
    state.queueHead++
    if (node.phase === 'queued' && !isStale) begin(fold, node)
  }
  if (state.queueHead > 256 && state.queueHead * 2 > state.queue.length) {
    state.queue.splice(0, state.queueHead)
    state.queueHead = 0
  }
}

/** Lets start what the run stopped before; it does not stop there again. */
export function goOnFromPause(fold: Fold): void {
  fold.state.pauseAt = undefined
  for (const node of pausedNodes(fold.state)) enqueue(fold, node)
}

function needsSlot(node: ActiveNode): boolean {
  return node.planned.pin === undefined && node.planned.disabled === undefined
}

function begin(fold: Fold, node: ActiveNode): void {
  if (node.attempt > 1) return beginAttempt(fold, node)
  const { pin, disabled } = node.planned
  if (pin) return passThrough(fold, node, pin.port, pin.output, 'pin')
  if (disabled !== undefined) return passThrough(fold, node, disabled, node.prev, 'disabled')
  takeSlot(fold, node)
  node.phase = 'evaluating'
  ask(fold, 'evaluate', node)
}

function beginAttempt(fold: Fold, node: ActiveNode): void {
  takeSlot(fold, node)
  askAttempt(fold, node)
}

/** A wait is a timer; everything else, a wait that an agent calls too, has an executor. */
export function askAttempt(fold: Fold, node: ActiveNode): void {
  node.phase = 'due'
  ask(fold, node.planned.role?.type === 'wait' && !node.call ? 'wait' : 'attempt', node)
}

function takeSlot(fold: Fold, node: ActiveNode): void {
  node.holdsSlot = true
  fold.state.running++
}

function passThrough(
  fold: Fold,
  node: ActiveNode,
  port: string,
  output: ActiveNode['prev'],
  source: 'pin' | 'disabled',
): void {
  node.phase = 'due'
  const place = { node: node.path, visit: node.visit }
  record(fold, { type: 'node.started', ...place })
  record(fold, { type: 'node.finished', ...place, port, output, source })
}
