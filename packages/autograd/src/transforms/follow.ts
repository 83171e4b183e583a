/** State of JavaScript that a function reads. */
import { mode } from '../node.ts'

/**
 * The answer of `read`, which a compiled function takes note of: flags and numbers that it reads are part of its
 * program, and with `follow` it makes another one when the answer is another. For settings such as a module's mode; numbers
 * that change at every call are better arguments.
 * @example const rate = follow(() => settings.rate)
 */
export function follow<T>(read: () => T): T {
  const answer = read()
  mode.compiling?.follows.push({ read, answer })
  return answer
}
