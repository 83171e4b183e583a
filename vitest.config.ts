import { defaultServerConditions } from 'vite'
import { defineConfig } from 'vitest/config'
import { leftOut as inAutograd } from './packages/autograd/test/compiled/expected.ts'
import { leftOut as inNn } from './packages/nn/test/compiled/expected.ts'
import { compiledCalls } from './scripts/vitest-compiled.ts'

const leftOut = [
  ...Object.keys(inAutograd).map((file) => `packages/autograd/test/${file}`),
  ...Object.keys(inNn).map((file) => `packages/nn/test/${file}`),
]

export default defineConfig({
  // Tests run on the packages' TypeScript sources, never on what was last built.
  ssr: { resolve: { conditions: ['@adjoint/source', ...defaultServerConditions] } },
  test: {
    // biome's rule against a forgotten `test.only` takes nn's `fit` for a focused test, so vitest refuses it in CI.
    allowOnly: process.env.CI === undefined,
    setupFiles: ['scripts/vitest-setup.ts'],
    testTimeout: 20_000,
    coverage: {
      provider: 'v8',
      include: ['packages/{autograd,nn}/src/**'],
      reporter: ['text-summary', 'html'],
    },
    projects: [
      { extends: true, test: { name: 'as written', include: ['packages/*/test/**/*.test.ts'] } },
      {
        // The same tests once more, with what they call compiled: docs/ARCHITECTURE.md, "Tests".
        extends: true,
        plugins: [compiledCalls()],
        test: {
          name: 'compiled',
          include: ['packages/{autograd,nn}/test/**/*.test.ts'],
          exclude: leftOut,
          setupFiles: ['packages/autograd/test/compiled/setup.ts'],
          // Programs are forgotten after each file; what is imported serves them all.
          isolate: false,
          maxWorkers: '100%',
          sequence: { groupOrder: 1 },
          env: { FC_RUNS: process.env.FC_RUNS ?? '20' },
        },
      },
    ],
  },
})
