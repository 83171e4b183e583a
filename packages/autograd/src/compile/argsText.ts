/** Arguments of operations as text, by which equal ones are found. */

function isPlain(x: unknown): boolean {
  if (typeof x === 'function' || typeof x === 'symbol') return false
  if (typeof x !== 'object' || x === null || Array.isArray(x)) return true
  const prototype: unknown = Object.getPrototypeOf(x)
  return prototype === Object.prototype || prototype === null
}

/** The text; undefined where the arguments hold functions or objects of classes, which no text tells apart. */
export function argsText(args: unknown): string | undefined {
  if (args === undefined) return ''
  let plain = true
  const text = JSON.stringify(args, (_, x: unknown) => {
    if (!isPlain(x)) plain = false
    if (typeof x === 'number' && !Number.isFinite(x)) return `number ${x}`
    return Object.is(x, -0) ? 'number -0' : x
  })
  return plain ? text : undefined
}
