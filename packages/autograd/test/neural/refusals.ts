/** Calls that are refused, and the messages that say why. */
import { describe, expect, test } from 'vitest'
import { AutogradError } from '../../src/index.ts'

export function refusals(rows: readonly (readonly [message: string, run: () => unknown])[]): void {
  describe('what is refused', () => {
    test.each(rows)('%s', (message, run) => {
      expect(run).toThrow(AutogradError)
      expect(run).toThrow(message)
    })
  })
}
