/** What a function can tell and ask the compiler: state of JavaScript that it reads, and whether it is compiled. */
import { mode } from '../node.ts'

/**
 * The answer of `read`, which a compiled function takes note of: flags and numbers that it reads are part of its
 * program, and with `follow` it makes another one when the answer is another. For settings such as a module's mode; numbers
 * that change at every call are better arguments.
 * @example const rate = follow(() => settings.rate)
 */
export function follow<T>(read: () => T): T {
  // A function that runs again for its gradient is told what it was told the first time.
  const before = mode.again?.answers.next()
  if (before?.done === false) return before.value as T
  const answer = read()
  mode.compiling?.follows.push({ read, answer })
  return answer
}

/**
 * Whether the function that runs is being compiled, and not computed step by step. For authors of modules whose fastest
 * form depends on it: a plain loop is faster step by step, `scan` compiles to a program that does not grow with its
 * steps. Both forms have to give the same numbers, and draw random ones in the same order.
 * @example const { carry } = isCompiling() ? scan(f, init, xs) : unrolled(f, init, xs)
 */
export function isCompiling(): boolean {
  return mode.compiling !== undefined
}
