/** Letting others run: timers, input, a page's drawing. */

/** How long training may keep the thread, in milliseconds: a frame of a page. */
const SLICE = 12

/** A function that gives the thread away when enough time has passed since it last did. */
export function pauser(): () => Promise<void> | undefined {
  let last = performance.now()
  return () => {
    if (performance.now() - last < SLICE) return undefined
    return new Promise((resolve) => {
      const resume = (): void => {
        last = performance.now()
        resolve()
      }
      // A timer waits at least a millisecond; Node has a way without.
      if (typeof setImmediate === 'function') setImmediate(resume)
      else setTimeout(resume, 0)
    })
  }
}
