/** The errors of Adjoint and how their messages are put together: `op: what arrived. What to do.` */

/** Every error that Adjoint throws on purpose extends this class. */
export class AutogradError extends Error {
  override name = 'AutogradError'
}

/** Shapes, axes or indices that do not fit the operation. */
export class ShapeError extends AutogradError {
  override name = 'ShapeError'
}

/** A dtype that does not exist or does not fit. */
export class DTypeError extends AutogradError {
  override name = 'DTypeError'
}

/** A gradient that was asked for where none exists, or that would be wrong. */
export class GradientError extends AutogradError {
  override name = 'GradientError'
}

/** An argument outside the domain of the operation, or a number that stopped being finite. */
export class DomainError extends AutogradError {
  override name = 'DomainError'
}

/** Something that the called part of Adjoint cannot do. */
export class UnsupportedError extends AutogradError {
  override name = 'UnsupportedError'
}

/** `[2, 3]`, as every message shows a shape. */
export function showShape(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`
}

/** A short rendering of anything that a user may have passed, for "got …" in a message. */
export function show(x: unknown): string {
  if (typeof x === 'string') return `'${x}'`
  if (typeof x === 'bigint') return `${x}n`
  if (typeof x === 'function') return 'a function'
  if (Array.isArray(x)) return `an array of ${x.length}`
  if (ArrayBuffer.isView(x)) return `${/^[AEIOU]/.test(x.constructor.name) ? 'an' : 'a'} ${x.constructor.name}`
  if (typeof x === 'object' && x !== null) return `an object of class ${x.constructor?.name ?? 'null'}`
  return String(x)
}

/** A function that is being compiled asked for something that is only known when the program runs. */
export class TraceError extends AutogradError {
  override name = 'TraceError'
}
