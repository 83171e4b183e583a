/** How long the parts of the work took, for `explain()`. */

/** Where the host has a clock: the time in ms. */
const clock = (globalThis as { readonly performance?: { now(): number } }).performance

export class Times {
  private readonly list: string[] = []

  of<T>(part: string, make: () => T): T {
    if (clock === undefined) return make()
    const start = clock.now()
    const made = make()
    this.list.push(`${part} ${(clock.now() - start).toFixed(1)} ms`)
    return made
  }

  /** In one line; none where nobody knows. */
  get lines(): readonly string[] {
    return this.list.length === 0 ? [] : [`times: ${this.list.join(', ')}`]
  }
}
