/** A script that tells what is left of calls and of programs that were dropped, in bytes; needs --expose-gc. */
import { compile } from '../../../src/compile/index.ts'
import { noGrad, random, type Value, value, valueAndGrad, zeros } from '../../../src/index.ts'

const { gc } = globalThis as unknown as { gc(): void }

async function bytes(): Promise<number> {
  for (let i = 0; i < 6; i++) {
    gc()
    await new Promise((done) => setTimeout(done, 4))
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** How much of the work is done: a part of it first, so that what is made once is there. */
let share = 0.2

function times(n: number, f: (i: number) => void): () => void {
  return () => {
    for (let i = 0; i < n * share; i++) f(i)
  }
}

const x = value([1, 2, 3])
const w = value([1, 1, 1])
const f = compile((y: Value) => ({ total: y.mul(w).sum(), count: 3 }))
const slope = valueAndGrad(compile((y: Value) => y.mul(w).sum()))
const prepared = compile((y: Value) => y.mul(2))
const moving = compile((y: Value) => w.assign(w.mul(0.5).add(y.mul(0.5))).size)
const stream = random(1)
const noisy = compile((y: Value) => y.mul(stream.normal([3])).sum())
const plain = compile((y: Value, rate: Value) => y.mul(rate)) as unknown as (
  y: readonly number[],
  rate: number,
) => Value
const shapes = compile((y: Value) => y.square().sum())
const functions = compile((y: Value, g: (z: Value) => Value) => g(y))

const work: { readonly [name: string]: () => void } = {
  calls: times(100_000, () => f(x)),
  'calls without gradients': () => noGrad(times(100_000, () => f(x))),
  'gradients from outside': times(4000, () => {
    x.zeroGrad()
    w.zeroGrad()
    f(x).total.backward()
    slope(x)
  }),
  prepare: times(20_000, () => prepared.prepare(x).run()),
  assignments: times(20_000, () => moving(x)),
  'random numbers': times(20_000, () => noisy(x)),
  'plain arrays': times(20_000, (i) => plain([1, 2, i], i)),
  'more shapes than are kept': times(100, (i) => shapes(zeros([(i % 20) + 1, 1000])).mul(1)),
  'more functions than are kept': times(100, () => functions(x, (z) => z.mul(2))),
  'programs that were dropped': times(30, () => {
    const own = compile((y: Value) => y.exp().mul(y).matmul(y).sum())
    own(value(new Float64Array(40_000), { shape: [200, 200] })).backward()
  }),
  'threads that were dropped': times(3, () => {
    const own = compile((y: Value) => y.matmul(y).sum(), { threads: 2 })
    own(zeros([200, 200]))
  }),
  'calls that fail': times(1000, () => {
    try {
      compile((y: Value) => y.item() as never)(x)
    } catch {
      return
    }
  }),
}

const grown: { [name: string]: number } = {}
for (const run of Object.values(work)) run()
share = 1
for (const [name, run] of Object.entries(work)) {
  const before = await bytes()
  run()
  grown[name] = (await bytes()) - before
}
process.stdout.write(JSON.stringify(grown))
