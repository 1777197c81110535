/** How long a movement of the view takes: no time at all for people who asked their system for less motion. */
export function motionMs(ms: number): number {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : ms
}
