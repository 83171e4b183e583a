/** The vitest matcher. Importing this module adds it to `expect`. */
import { expect } from 'vitest'
import { type CheckOptions, checkGradients } from './check.ts'

interface GradientMatchers<R = unknown> {
  /**
   * The gradients of the function at the inputs agree in reverse mode, forward mode and central differences.
   * @example expect((x: Value) => x.tanh()).toHaveCorrectGradientsAt([0.5], { order: 2 })
   */
  toHaveCorrectGradientsAt(inputs: unknown, options?: CheckOptions): R
}

declare module 'vitest' {
  // The type parameter has the name that vitest gave it.
  interface Matchers<T> extends GradientMatchers<T> {}
}

expect.extend({
  toHaveCorrectGradientsAt(received: unknown, inputs: unknown, options?: CheckOptions) {
    if (typeof received !== 'function') {
      return {
        pass: false,
        message: () => `toHaveCorrectGradientsAt: got ${this.utils.stringify(received)}. Give expect a function.`,
      }
    }
    const { ok, report } = checkGradients(
      received as (...args: readonly unknown[]) => unknown,
      inputs as readonly unknown[],
      options,
    )
    return { pass: ok, message: () => (ok ? `expected wrong gradients, but: ${report}` : report) }
  },
})
