// Runs an example by its number: `npm run example -- 3` runs packages/examples/src/03-*.ts.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = new URL('../packages/examples/src/', import.meta.url)
const examples = readdirSync(folder).filter((name) => /^\d+-.*\.ts$/.test(name))
const [wanted = '', ...rest] = process.argv.slice(2)
const file = examples.find((name) => Number.parseInt(name, 10) === Number(wanted))

if (wanted === '' || file === undefined) {
  const problem = wanted === '' ? 'Which example?' : `There is no example ${wanted}.`
  process.stderr.write(`${problem} Type npm run example -- and a number:\n\n  ${examples.sort().join('\n  ')}\n`)
  process.exit(1)
}

const options = ['--conditions=@adjoint/source', '--import', import.meta.resolve('tsx')]
const path = fileURLToPath(new URL(file, folder))
const run = spawnSync(process.execPath, [...options, path, ...rest], { stdio: 'inherit' })
process.exit(run.status ?? 1)
