/** The second run of the tests: what they import is replaced by what compiles it. docs/ARCHITECTURE.md tells more. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

const packages = fileURLToPath(new URL('../packages/', import.meta.url))
const source = `${packages}autograd/src/`
const compiled = `${packages}autograd/test/compiled/`
const entry = '\0compiled-entry'

/** What stands for a source file in the tests. */
const replaced: { readonly [file: string]: string } = {
  [`${source}index.ts`]: entry,
  [`${source}transforms/reverse.ts`]: entry,
  [`${source}transforms/forward.ts`]: entry,
  [`${source}transforms/jacobian.ts`]: entry,
  [`${source}transforms/vmap.ts`]: entry,
  [`${source}carriers/numeric.ts`]: `${compiled}numeric.ts`,
  [`${source}value.ts`]: `${compiled}value.ts`,
  [`${source}testing/index.ts`]: `${compiled}testing.ts`,
  [`${source}testing/check.ts`]: `${compiled}testing.ts`,
  [`${packages}nn/src/index.ts`]: `${packages}nn/test/compiled/index.ts`,
}

function exportsOf(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(/^export (?:function|const) (\w+)/gm)].map(
    (match) => match[1] as string,
  )
}

/** The entry, with compiled functions in the place of the transforms and the operations. */
function compiledEntry(): string {
  const functions = `${source}functions/`
  const transforms = exportsOf(`${compiled}transforms.ts`)
  const operations = new Set(
    readdirSync(functions)
      .filter((file) => file !== 'operands.ts')
      .flatMap((file) => exportsOf(functions + file))
      .filter((name) => !transforms.includes(name)),
  )
  return [
    `import * as plain from '${source}index.ts'`,
    `import { compiledCalls } from '${compiled}calls.ts'`,
    `export * from '${source}index.ts'`,
    `export { ${transforms} } from '${compiled}transforms.ts'`,
    `export const { ${[...operations]} } = compiledCalls(plain)`,
  ].join('\n')
}

/** Replaces what tests import, and nothing that the packages import of each other. */
export function compiledCalls(): Plugin {
  return {
    name: 'compiled-calls',
    enforce: 'pre',
    async resolveId(id, importer, options) {
      if (importer === undefined || !/\/packages\/(autograd|nn)\/test\/(?!compiled\/)/.test(importer)) return null
      const found = await this.resolve(id, importer, { ...options, skipSelf: true })
      return found === null ? null : (replaced[found.id] ?? found)
    },
    load: (id) => (id === entry ? compiledEntry() : null),
  }
}
