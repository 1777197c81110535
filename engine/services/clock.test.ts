import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from './clock.ts'

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

describe('the system clock', () => {
  it('calls back at the time, not before, and once', () => {
    const fire = vi.fn()
    systemClock.at(Date.now() + 90 * 86_400_000, fire)
    vi.advanceTimersByTime(90 * 86_400_000 - 1)
    expect(fire).not.toHaveBeenCalled()
    vi.advanceTimersByTime(200_000)
    expect(fire).toHaveBeenCalledOnce()
  })

  it('notices within half a minute that the clock was set, or that the machine slept', () => {
    const fire = vi.fn()
    systemClock.at(Date.now() + 7_200_000, fire)
    vi.setSystemTime(Date.now() + 7_200_000)
    vi.advanceTimersByTime(30_000)
    expect(fire).toHaveBeenCalledOnce()
  })

  it('waits on where the clock was set back', () => {
    const fire = vi.fn()
    systemClock.at(Date.now() + 1000, fire)
    vi.setSystemTime(Date.now() - 3_600_000)
    vi.advanceTimersByTime(3_600_000)
    expect(fire).not.toHaveBeenCalled()
    vi.advanceTimersByTime(31_000)
    expect(fire).toHaveBeenCalledOnce()
  })

  it('forgets what was cancelled, even after it was looked at', () => {
    const fire = vi.fn()
    const timer = systemClock.at(Date.now() + 100_000, fire)
    vi.advanceTimersByTime(45_000)
    timer.cancel()
    vi.advanceTimersByTime(200_000)
    expect(fire).not.toHaveBeenCalled()
  })
})
