/**
 * `npm run bench`: every figure that has a limit, with the tables behind it. `npm run bench -- scalars peers` measures
 * these parts alone, `--only rosen` the rows whose names hold that text, `--write` puts all into docs/PERFORMANCE.md.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { engine } from './sections/engine.ts'
import { first } from './sections/first.ts'
import { products } from './sections/products.ts'
import { scalars } from './sections/scalars.ts'
import { steps } from './sections/steps.ts'
import { machine, tools } from './tables/machine.ts'
import { between, sectionText, verdictTable } from './tables/markdown.ts'
import { plotOf } from './tables/plot.ts'
import type { Section } from './tables/section.ts'

type Only = (name: string) => boolean

const sections: Readonly<Record<string, (only: Only) => Section | Promise<Section>>> = {
  scalars,
  first,
  peers: steps,
  products,
  engine,
}

const print = (text: string): boolean => process.stdout.write(`${text}\n\n`)
const docs = (name: string): string => fileURLToPath(new URL(`../../../docs/${name}`, import.meta.url))

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string', multiple: true, default: [] }, write: { type: 'boolean', default: false } },
})
const names = positionals.length > 0 ? positionals : Object.keys(sections)
const unknown = names.find((name) => sections[name] === undefined)
if (unknown !== undefined) {
  throw new Error(`bench: no part is named "${unknown}". There are: ${Object.keys(sections).join(', ')}.`)
}
if (values.write && (positionals.length > 0 || values.only.length > 0)) {
  throw new Error('bench: --write takes all parts. Leave their names and --only away.')
}
const only: Only = (name) => values.only.length === 0 || values.only.some((part) => name.includes(part))

const where = `Measured on: ${machine()}; ${tools()}.`
print(where)
const measured: Section[] = []
for (const name of names) {
  const section = await sections[name]?.(only)
  if (section === undefined) continue
  measured.push(section)
  print(sectionText(section))
}
const verdicts = measured.flatMap((section) => section.verdicts)
print(verdictTable(verdicts))
if (values.write) {
  const picture = '![Each figure as a share of its limit](performance.svg)'
  const text = [where, verdictTable(verdicts), picture, ...measured.map(sectionText)].join('\n\n')
  const path = docs('PERFORMANCE.md')
  writeFileSync(path, between(readFileSync(path, 'utf8'), text))
  writeFileSync(docs('performance.svg'), plotOf(verdicts, machine()))
  print('Written to docs/PERFORMANCE.md and docs/performance.svg.')
}
