/** Calls a function once, soon: before the next paint where there is one. */
export type Frame = (callback: () => void) => void

const hiddenDelayMs = 100

/** Waits for the next paint; a hidden page, which never paints, waits a tenth of a second instead. */
export const nextFrame: Frame = (callback) => {
  if (document.hidden) setTimeout(callback, hiddenDelayMs)
  else requestAnimationFrame(callback)
}
