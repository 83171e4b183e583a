/** Warnings, where the host shows them. */

const said = new Set<string>()

export function warn(message: string): void {
  const { console } = globalThis as { console?: { warn(text: string): void } }
  console?.warn(message)
}

/** Says it once, however often it happens. */
export function warnOnce(message: string): void {
  if (said.has(message)) return
  said.add(message)
  warn(message)
}
