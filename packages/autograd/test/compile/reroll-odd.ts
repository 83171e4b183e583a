/** Small scalar programs with loops of every kind. */
import type { Example } from './reroll-traces.ts'
import type { ScalarProgram } from './reroll-words.ts'

const at = <T>(x: readonly T[], i: number): T => x[i] as T

function odd(
  name: string,
  inputs: number,
  program: ScalarProgram,
  range: readonly [number, number] = [0.5, 1.5],
): Example {
  return { name, inputs, program, range }
}

export const oddPrograms: readonly Example[] = [
  odd('geometric recurrence', 51, (w, x) => {
    let y = at(x, 0)
    for (let i = 0; i < 50; i++) y = w.add(w.mul(0.9, y), w.mul(at(x, i), at(x, i + 1)))
    return y
  }),
  odd('the last of a sequence in each row', 80, (w, x) => {
    let sum: (typeof x)[number] = 0
    for (let r = 0; r < 9; r++) {
      let product = at(x, r)
      for (let i = 0; i < 80; i++) product = w.mul(product, w.sub(1.1, w.mul(0.1, at(x, i))))
      for (let i = 0; i < 40; i++) sum = w.add(sum, w.sin(w.mul(product, at(x, i))))
      sum = w.add(sum, w.square(product))
    }
    return sum
  }),
  odd('rows that go on where the row before ended', 80, (w, x) => {
    let y = at(x, 0)
    let sum: (typeof x)[number] = 0
    for (let r = 0; r < 9; r++) {
      for (let i = 0; i < 80; i++) y = w.sin(w.add(y, at(x, i)))
      sum = w.add(sum, w.mul(y, at(x, r)))
    }
    return w.mul(sum, y)
  }),
  odd('a last value that many read behind the loop', 200, (w, x) => {
    let [a, b] = [at(x, 0), at(x, 1)]
    for (let i = 2; i < 100; i++) [a, b] = [w.mul(b, at(x, i)), w.sin(w.add(a, b))]
    let sum: (typeof x)[number] = w.div(a, b)
    for (let i = 100; i < 200; i++) sum = w.add(sum, w.exp(w.mul(0.1, w.mul(w.sub(a, b), at(x, i)))))
    return w.add(sum, w.mul(a, b))
  }),
  odd('Fibonacci-like', 40, (w, x) => {
    let [a, b] = [at(x, 0), at(x, 1)]
    for (let i = 2; i < 40; i++) [a, b] = [b, w.add(w.mul(0.5, a), w.mul(at(x, i), w.sin(b)))]
    return w.mul(a, b)
  }),
  odd('three back', 60, (w, x) => {
    const y = x.slice(0, 3)
    for (let i = 3; i < 60; i++) y.push(w.sin(w.mul(at(y, i - 3), w.add(at(y, i - 1), at(x, i)))))
    return at(y, 59)
  }),
  odd('two loops', 100, (w, x) => {
    let [sum, product]: [(typeof x)[number], (typeof x)[number]] = [0, 1]
    for (let i = 0; i < 100; i++) sum = w.add(sum, w.sin(w.mul(at(x, i), at(x, i))))
    for (let i = 0; i < 50; i++) product = w.mul(product, w.sub(1.2, w.mul(0.1, at(x, 2 * i))))
    return w.mul(sum, product)
  }),
  odd('nested loops', 30, (w, x) => {
    let sum: (typeof x)[number] = 0
    for (let i = 0; i < 30; i++) for (let j = 0; j < 30; j++) sum = w.add(sum, w.exp(w.mul(at(x, i), at(x, j))))
    return w.log(sum)
  }),
  odd('triangular loops', 25, (w, x) => {
    let sum: (typeof x)[number] = 0
    for (let i = 0; i < 25; i++) for (let j = 0; j < i; j++) sum = w.add(sum, w.sin(w.sub(at(x, i), at(x, j))))
    return sum
  }),
  odd('matrix product', 8 * 12 + 12 * 10, (w, x) => {
    let sum: (typeof x)[number] = 0
    for (let i = 0; i < 8; i++) {
      for (let j = 0; j < 10; j++) {
        let c: (typeof x)[number] = 0
        for (let k = 0; k < 12; k++) c = w.add(c, w.mul(at(x, 12 * i + k), at(x, 96 + 10 * k + j)))
        sum = w.add(sum, w.sin(c))
      }
    }
    return sum
  }),
  odd('rows summed by columns', 200, (w, x) => {
    const sums: (typeof x)[number][] = Array.from({ length: 10 }, () => 0)
    for (let i = 0; i < 20; i++) for (let j = 0; j < 10; j++) sums[j] = w.add(at(sums, j), w.square(at(x, 10 * i + j)))
    return sums.map((y) => w.sin(y)).reduce((p, y) => w.mul(p, w.add(2, y)))
  }),
  odd('indirect table', 80, (w, x) => {
    let sum: (typeof x)[number] = 0
    for (let i = 0; i < 120; i++) sum = w.add(sum, w.mul(at(x, (i * i * 7 + 3 * i) % 80), w.sin(at(x, (i * 37) % 80))))
    return sum
  }),
  odd('table of computed values', 60, (w, x) => {
    const y = x.map((v) => w.exp(w.sin(v)))
    let sum: (typeof x)[number] = 0
    for (let i = 0; i < 90; i++) sum = w.add(sum, w.mul(at(y, (i * i * 11) % 60), at(y, (i * 23) % 60)))
    return sum
  }),
  odd('branches', 100, (w, x) => {
    let sum: (typeof x)[number] = 0
    for (let i = 0; i < 100; i++)
      sum = w.add(sum, i % 3 === 0 ? w.sin(at(x, i)) : i % 7 === 0 ? at(x, i) : w.square(at(x, i)))
    return sum
  }),
  odd('where', 100, (w, x) => {
    let sum: (typeof x)[number] = 0
    for (let i = 0; i < 100; i++) sum = w.add(sum, w.where(w.gt(at(x, i), 1), w.log(at(x, i)), w.square(at(x, i))))
    return sum
  }),
  odd('largest by where', 70, (w, x) => {
    let most = at(x, 0)
    for (let i = 1; i < 70; i++) most = w.where(w.gt(at(x, i), most), at(x, i), most)
    return w.square(most)
  }),
  odd('largest by maximum', 70, (w, x) => w.square(x.reduce((most, y) => w.maximum(most, y)))),
  odd('sum of prefix sums', 90, (w, x) => {
    let [prefix, sum]: [(typeof x)[number], (typeof x)[number]] = [0, 0]
    for (const y of x) {
      prefix = w.add(prefix, y)
      sum = w.add(sum, w.square(prefix))
    }
    return sum
  }),
  odd('prefix sums, then a loop', 64, (w, x) => {
    const sums = [at(x, 0)]
    for (let i = 1; i < 64; i++) sums.push(w.add(at(sums, i - 1), at(x, i)))
    let y: (typeof x)[number] = 0
    for (let i = 0; i < 63; i++) y = w.add(y, w.mul(w.sin(at(sums, i)), at(sums, i + 1)))
    return y
  }),
  odd('differences of computed neighbours', 100, (w, x) => {
    const y = x.map((v) => w.sin(v))
    let sum: (typeof x)[number] = 0
    for (let i = 2; i < 98; i++) {
      sum = w.add(sum, w.square(w.sub(w.add(at(y, i - 2), at(y, i + 2)), w.mul(2, at(y, i)))))
    }
    return sum
  }),
  odd('previous one in a register', 80, (w, x) => {
    let [before, sum]: [(typeof x)[number], (typeof x)[number]] = [1, 0]
    for (const v of x) {
      const y = w.exp(w.neg(v))
      sum = w.add(sum, w.mul(y, before))
      before = y
    }
    return sum
  }),
  odd('pendulum', 2, (w, x) => {
    let [angle, speed] = [at(x, 0), at(x, 1)]
    for (let i = 0; i < 200; i++) {
      speed = w.sub(speed, w.mul(0.01, w.sin(angle)))
      angle = w.add(angle, w.mul(0.01, speed))
    }
    return w.add(w.square(angle), w.square(speed))
  }),
  odd('Newton inside a sum', 40, (w, x) => {
    let sum: (typeof x)[number] = 0
    for (const v of x) {
      let root = v
      for (let i = 0; i < 12; i++) root = w.mul(0.5, w.add(root, w.div(v, root)))
      sum = w.add(sum, root)
    }
    return sum
  }),
  odd(
    'polynomial by Horner, many points',
    12,
    (w, x) => {
      let sum: (typeof x)[number] = 0
      for (let i = 0; i < 60; i++) {
        let y = at(x, 11)
        for (let k = 10; k >= 0; k--) y = w.add(w.mul(y, Math.cos(i)), at(x, k))
        sum = w.add(sum, w.square(w.sub(y, Math.sin(i))))
      }
      return sum
    },
    [-0.5, 0.5],
  ),
  odd('decreasing index', 90, (w, x) => {
    let sum: (typeof x)[number] = 0
    for (let i = 0; i < 90; i++) sum = w.add(sum, w.mul(at(x, i), w.sin(at(x, 89 - i))))
    return sum
  }),
  odd('differences subtracted', 60, (w, x) => {
    let left: (typeof x)[number] = 100
    for (const v of x) left = w.sub(left, w.mul(v, v))
    return w.log(left)
  }),
  odd('mixed recurrence and parallel work', 120, (w, x) => {
    let [y, sum]: [(typeof x)[number], (typeof x)[number]] = [0, 0]
    for (const v of x) {
      y = w.add(w.mul(0.7, y), w.sin(v))
      sum = w.add(sum, w.exp(w.mul(w.square(y), w.log(v))))
    }
    return sum
  }),
  odd('state of two in a list', 100, (w, x) => {
    const [p, q] = [[at(x, 0)], [at(x, 1)]]
    for (let i = 1; i < 100; i++) {
      p.push(w.add(w.mul(0.8, at(p, i - 1)), w.mul(0.1, w.sin(at(q, i - 1)))))
      q.push(w.sub(w.mul(0.9, at(q, i - 1)), w.mul(0.1, w.mul(at(p, i), at(x, i)))))
    }
    return w.mul(at(p, 99), at(q, 99))
  }),
  odd('sums that begin with 0 in most iterations', 300, (w, x) => {
    let sum: (typeof x)[number] = 0
    for (let i = 0; i < 60; i++) {
      let own: (typeof x)[number] = i > 40 && i < 50 ? 0.5 : 0
      for (let j = 0; j < 5; j++) own = w.add(own, w.square(at(x, 5 * i + j)))
      sum = w.add(sum, w.sin(own))
    }
    return sum
  }),
  odd('sums over all iterations beside sums in each', 300, (w, x) => {
    const sums: (typeof x)[number][] = [0, 0, 0, 0]
    for (let i = 0; i < 70; i++) {
      let own: (typeof x)[number] = at(x, 0)
      for (let j = 0; j < 4; j++) {
        const term = w.mul(at(x, 4 * i + j), at(x, i + j))
        own = w.sub(own, w.mul(0.1, term))
        sums[j] = w.add(term, at(sums, j))
      }
      sums[0] = w.add(at(sums, 0), w.exp(own))
    }
    return sums.reduce<(typeof x)[number]>((product, sum) => w.mul(product, sum), 0.001)
  }),
  odd('a long loop, a sum of what its last iterations made, and one behind it', 200, (w, x) => {
    const made: (typeof x)[number][] = [at(x, 0), at(x, 1)]
    for (let i = 2; i < 150; i++) made.push(w.sin(w.add(w.mul(at(made, i - 1), at(x, i)), at(made, i - 2))))
    let sum: (typeof x)[number] = w.add(w.add(at(made, 149), at(made, 148)), at(x, 3))
    for (let i = 0; i < 40; i++) sum = w.add(sum, w.mul(at(x, i), at(x, i + 1)))
    return sum
  }),
]
