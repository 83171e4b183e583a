/** `npm run bench -- peers`: train steps of Adjoint beside other libraries, as a Markdown table. */
import { cpus } from 'node:os'
import { expectEqual, inTurns } from '../timing.ts'
import { losses, type Training } from '../train.ts'
import { plans, type Work, workOf } from '../work.ts'
import { workWithModules } from '../workModules.ts'
import { jaxTrainer } from './jax.ts'
import { tfjsTrainer } from './tfjs.ts'

type Trainer = (work: Work) => Training

const STEPS = 5
const TOLERANCE = 1e-4
const print = (line = ''): boolean => process.stdout.write(`${line}\n`)
const row = (...cells: readonly string[]): boolean => print(`| ${cells.join(' | ')} |`)
const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''

const notes: string[] = []
const peers: { readonly name: string; readonly trainer: Trainer | undefined }[] = []
for (const [name, start] of [
  ['@jax-js/jax 0.1.25, jit', jaxTrainer],
  ['@tensorflow/tfjs-backend-wasm 4.22.0', tfjsTrainer],
] as const) {
  try {
    peers.push({ name, trainer: await start() })
  } catch (error) {
    notes.push(`${name} cannot be used: ${reasonOf(error)}`)
    peers.push({ name, trainer: undefined })
  }
}

/** A training of the work whose first losses are right; undefined, with a note, when the library cannot run it. */
function checked(name: string, trainer: Trainer, work: Work, expected: readonly number[]): Training | undefined {
  let training: Training
  let got: readonly number[]
  try {
    training = trainer(work)
    got = losses(training, STEPS)
  } catch (error) {
    notes.push(`${name} throws on ${work.name}: ${reasonOf(error)}`)
    return undefined
  }
  expectEqual(`${work.name}, losses of ${name}`, got, expected, TOLERANCE)
  return training
}

const [cpu] = cpus()
print(`${cpu?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}, one thread, float32\n`)
row(
  'train step',
  'Adjoint, µs',
  ...peers.map(({ name }) => `${name}, µs`),
  ...peers.map(({ name }) => `${name} ÷ Adjoint`),
)
row('---', '--:', ...peers.flatMap(() => ['--:', '--:']))
for (const plan of plans) {
  const work = workOf(plan)
  const ours = workWithModules(work)
  const expected = losses(ours, STEPS)
  const trainings = peers.map(({ name, trainer }) => trainer && checked(name, trainer, work, expected))
  const candidates = [ours, ...trainings.filter((training) => training !== undefined)]
  const [own = Number.NaN, ...others] = await inTurns(candidates.map(({ step }) => step))
  const times = peers.map(({ trainer }, i) => {
    if (trainer === undefined) return 'not installed'
    return trainings[i] === undefined ? 'throws' : (others.shift() as number)
  })
  const shown = (time: number): string => time.toFixed(time < 100 ? 1 : 0)
  row(
    `${plan.name}: ${plan.description}`,
    shown(own),
    ...times.map((time) => (typeof time === 'number' ? shown(time) : time)),
    ...times.map((time) => (typeof time === 'number' ? (time / own).toFixed(1) : '')),
  )
}
print(`\nThe first ${STEPS} losses agreed to ${TOLERANCE} before anything was timed.`)
for (const note of notes) print(`\n${note}`)
