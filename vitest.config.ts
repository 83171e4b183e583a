import { defaultServerConditions } from 'vite'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Tests run on the packages' TypeScript sources, never on what was last built.
  ssr: { resolve: { conditions: ['@adjoint/source', ...defaultServerConditions] } },
  test: {
    include: ['packages/*/test/**/*.test.ts'],
    // biome's rule against a forgotten `test.only` takes nn's `fit` for a focused test, so vitest refuses it in CI.
    allowOnly: process.env.CI === undefined,
    setupFiles: ['scripts/vitest-setup.ts'],
    testTimeout: 20_000,
    coverage: {
      provider: 'v8',
      include: ['packages/{autograd,nn}/src/**'],
      reporter: ['text-summary', 'html'],
    },
  },
})
