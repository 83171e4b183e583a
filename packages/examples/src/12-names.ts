/**
 * 12. Names: a network that writes, letter by letter.
 *
 * It reads a name one letter after another and says at each place which letter comes next. What it has read so far it
 * keeps in 64 numbers, the state of a gated recurrent unit (Cho et al. 2014). To write, it begins with nothing, draws a
 * letter from its own probabilities, reads that, and so on until it draws the end.
 */
import { readFileSync } from 'node:fs'
import { noGrad, random } from '@adjoint/autograd'
import { AdamW, fit } from '@adjoint/nn'
import { type Print, runIfMain, save } from './lib/example.ts'
import { chart, type Point } from './lib/plot.ts'
import { letterLoss, lettersOf, Writer, write } from './lib/writer.ts'

export async function run(print: Print, { epochs = 40 } = {}) {
  const all = readFileSync(new URL('../data/names.txt', import.meta.url), 'utf8')
    .trim()
    .split('\n')
  const places = 1 + Math.max(...all.map((name) => name.length))
  const mixed = Array.from(random(1).permutation(all.length).data, (i) => all[i] ?? '')
  const [train, heldOut] = [lettersOf(mixed.slice(44), places), lettersOf(mixed.slice(0, 44), places)]
  const model = new Writer(random(1))
  const losses = () => [train, heldOut].map(({ x, y }) => noGrad(() => letterLoss(model.forward(x), y)).item())
  const tell = ([learned = NaN, other = NaN]: number[]) => `loss ${learned.toFixed(2)}, held-out ${other.toFixed(2)}`
  const before = losses()
  print(`${train.x.shape[0]} names to learn from, ${heldOut.x.shape[0]} held out to tell when to stop`)
  print(`Before: ${tell(before)} (−log of 1/27 is ${Math.log(27).toFixed(2)}). It writes`)
  print(`  ${write(model, 5, random(2)).join(', ')}`)

  const { loss, validationLoss, bestEpoch } = await fit(model, train, {
    loss: letterLoss,
    optimizer: new AdamW(model.parameters(), { learningRate: 0.004, weightDecay: 0.1 }),
    epochs,
    batchSize: 20,
    random: random(1),
    // Each update is one WebAssembly program, with one loop over the letters.
    compile: true,
    validation: heldOut,
    // Longer, and it would learn the names by heart.
    earlyStopping: { patience: 5 },
  })
  const after = losses()
  const written = write(model, 40, random(2))
  const made = written.filter((name) => !all.includes(name))
  print(`After ${bestEpoch} epochs: ${tell(after)}. It writes`)
  for (let i = 0; i < written.length; i += 8) print(`  ${written.slice(i, i + 8).join(', ')}`)
  print(`It made up ${made.length} of these ${written.length}: they are not in the list.`)

  const points = (losses: readonly number[]) => losses.map((y, i): Point => [i + 1, y])
  const series = [
    { name: 'names to learn from', points: points(loss) },
    { name: 'names held out', points: points(validationLoss), mark: 'dashed' as const },
  ]
  print('The picture: the loss over the epochs')
  const options = { title: 'Names: loss a letter', x: 'epoch', y: 'loss' }
  print(`  ${save('12-names.svg', chart(series, options))}`)
  return { before, after, bestEpoch, written, made }
}

await runIfMain(import.meta, run)
