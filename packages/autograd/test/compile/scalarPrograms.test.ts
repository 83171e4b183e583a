/** Scalar programs from the call to the first result: what is traced, what it is checked against, what is kept. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { compile, type Program } from '../../src/compile/index.ts'
import type { Program as Loops, Statement } from '../../src/compile/program/program.ts'
import type { GradientOptions } from '../../src/compile/reroll/programs.ts'
import { constant, customGradient, grad, maximum, noGrad, type Value, value, valueAndGrad } from '../../src/index.ts'
import { table } from '../../src/ops/table.ts'

const fault = vi.hoisted(() => ({ on: '' }))

vi.mock('../../src/compile/reroll/programs.ts', async (original) => {
  const real = await original<typeof import('../../src/compile/reroll/programs.ts')>()
  return {
    valueProgram: (rolled: never) => broken(real.valueProgram(rolled), fault.on === 'value'),
    gradientProgram: (rolled: never, options: GradientOptions) =>
      broken(real.gradientProgram(rolled, options), fault.on === 'gradient'),
  }
})

/** The same with the last multiplication an addition. */
function broken(program: Loops, on: boolean): Loops {
  const all = (list: readonly Statement[]): Statement[] =>
    list.flatMap((each) => (each.kind === 'loop' ? all(each.body) : [each]))
  const product = all(program.body).findLast((each) => each.kind === 'apply' && /^mul/.test(each.op.name))
  if (on && product !== undefined) Object.assign(product, { op: table.add })
  return program
}

const SIZE = 60

/** Σ wᵢ·(xᵢ − tanh wᵢ₊₁)², one number at a time. */
function loop(w: Value, x: Value): Value {
  let sum: Value | number = 0
  for (let i = 0; i + 1 < SIZE; i++) {
    sum = w
      .at(i)
      .mul(
        x
          .at(i)
          .sub(w.at(i + 1).tanh())
          .square(),
      )
      .add(sum)
  }
  return sum as Value
}

const w = value(Float64Array.from({ length: SIZE }, (_, i) => Math.sin(i + 1)))
const x = constant(Float64Array.from({ length: SIZE }, (_, i) => Math.cos(i + 1)))

function expectClose(got: Value, wanted: Value): void {
  expect(got.shape).toEqual(wanted.shape)
  for (const [i, y] of wanted.data.entries()) expect(got.data[i]).toBeCloseTo(y, 12)
}

const isRolled = (f: Program): boolean => f.explain().includes('re-rolled')

afterEach(() => {
  fault.on = ''
  vi.restoreAllMocks()
})

describe('a function is called once', () => {
  test.each([
    ['the value of a loop over numbers', (f: typeof loop) => f, loop, true],
    ['its gradient', (f: typeof loop) => valueAndGrad(f), loop, true],
    [
      'the gradient of a function of arrays',
      (f: typeof loop) => grad(f),
      (a: Value, b: Value) => a.mul(b).sum(),
      false,
    ],
    ['the gradient of a short loop', (f: typeof loop) => grad(f), (a: Value) => a.at(0).mul(a.at(1)), false],
  ])('%s', (_, derive, f, rolled) => {
    let calls = 0
    const counted = (...args: [Value, Value]): Value => {
      calls++
      return f(...args)
    }
    const compiled = compile(derive(counted) as never) as unknown as ((w: Value, x: Value) => unknown) & Program
    compiled(w, x)
    compiled(w, x)
    expect(calls).toBe(1)
    expect(isRolled(compiled)).toBe(rolled)
  })
})

describe('a wrong program is found at the first call, and not used', () => {
  test.each(['value', 'gradient'])('of the %s', (on) => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {})
    fault.on = on
    let calls = 0
    const f = (a: Value, b: Value): Value => {
      calls++
      return loop(a, b)
    }
    const compiled = on === 'value' ? compile(f) : compile(grad(f))
    expectClose(compiled(w, x), on === 'value' ? loop(w, x) : grad(loop)(w, x))
    expect(warned).toHaveBeenCalledOnce()
    expect(isRolled(compiled as unknown as Program)).toBe(false)
    expect(calls).toBe(1)
  })
})

/** Every number of the arguments, read one by one. */
const cells = (y: Value): Value[] => Array.from({ length: y.size }, (_, i) => y.at(i))
const total = (list: readonly Value[]): Value => list.reduce((sum, each) => sum.add(each))

function unneeded(a: Value, b: Value): Value {
  return total(
    cells(a).map((y, i) => {
      b.at(i).exp()
      return y.square().sub(y).tanh()
    }),
  )
}

function unneededArray(a: Value): Value {
  a.sum().mul(2).exp()
  return total(cells(a).map((y) => y.square().sub(y).tanh()))
}

describe('what a trace of single numbers makes of', () => {
  const outside = value(0.75)
  const beyond = value(Float64Array.from({ length: SIZE }, (_, i) => 1 / (i + 1)))
  const cases: readonly (readonly [string, (a: Value, b: Value) => Value, boolean])[] = [
    ['an argument that is constant', loop, true],
    ['one that is swapped for the other', (a, b) => loop(b, a), true],
    ['operations whose result nobody needs', unneeded, true],
    ['an array that nobody needs', unneededArray, true],
    ['leaves from outside', (a) => total(cells(a).map((y, i) => y.mul(beyond.at(i)).add(outside).square())), true],
    ['constants made inside', (a) => total(cells(a).map((y, i) => y.mul(constant(i)).sub(value(2)).cos())), true],
    ['comparisons and choices', (a, b) => total(cells(a).map((y, i) => maximum(y, b.at(i)).mul(y.gt(0)).exp())), true],
    [
      'what is detached of a constant',
      (a, b) => total(cells(a).map((y, i) => b.at(i).exp().detach().mul(y).tanh())),
      true,
    ],
    ['what is detached of the argument', (a) => total(cells(a).map((y) => y.detach().mul(y).tanh().exp())), false],
    ['what is detached of a result', (a) => total(cells(a).map((y) => y.exp().detach().mul(y).tanh())), false],
    [
      'what is computed without a gradient',
      (a) =>
        total(
          cells(a).map((y) =>
            noGrad(() => y.exp())
              .mul(y)
              .tanh(),
          ),
        ),
      false,
    ],
    ['an inner gradient', (a) => total(cells(a).map((y) => grad((z: Value) => z.pow(3).sin())(y))), true],
    ['an array among numbers', (a) => total(cells(a).map((y) => y.square().mul(y).sin())).mul(a.sum()), false],
  ]
  test.each(cases)('%s', (_, f, rolled) => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const compiled = compile(valueAndGrad(f))
    const wanted = valueAndGrad(f)(w, x)
    for (let i = 0; i < 2; i++) {
      const got = compiled(w, x)
      expectClose(got.value, wanted.value)
      expectClose(got.grad, wanted.grad)
    }
    expect(warned).not.toHaveBeenCalled()
    expect(isRolled(compiled as unknown as Program)).toBe(rolled)
  })

  test('leaves from outside that are read in vain: no gradient flows to them', () => {
    const leaf = value(0.5)
    const f = compile((a: Value): Value => {
      leaf.exp().mul(leaf)
      return total(cells(a).map((y) => y.square().sub(y).tanh().mul(outside)))
    })
    f(w).backward()
    expect(isRolled(f)).toBe(true)
    expect(leaf.hasGrad).toBe(false)
    expect(outside.grad.item()).toBeCloseTo(total(cells(w).map((y) => y.square().sub(y).tanh())).item(), 12)
  })

  test('gradients that the function leaves on leaves', () => {
    const leaf = value(0.5)
    const f = (a: Value): Value => {
      const y = total(cells(a).map((each) => each.mul(leaf).sin().square()))
      y.backward()
      return y
    }
    compile(f)(w)
    const got = leaf.grad.item()
    leaf.zeroGrad()
    f(w)
    expect(got).toBeCloseTo(leaf.grad.item(), 12)
  })

  test('a leaf that holds a cotangent of the pass from which the call comes', () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const leaf = value(0.5)
    const f = (a: Value): Value => total(cells(a).map((y) => y.mul(leaf).sin().square().add(leaf)))
    // The pullback is called more than once: each time it is compiled anew.
    const by = customGradient((y: Value) => ({ value: y.exp(), pullback: (g) => g.mul(compile(f)(w)) }))
    const z = value(1)
    leaf.mul(by(z)).add(leaf).backward()
    expect(z.grad.item()).toBeCloseTo(f(w).mul(leaf).item(), 10)
    expect(warned).not.toHaveBeenCalled()
  })

  test('lists, with the structure of the argument', () => {
    const f = ({ list, by }: { list: readonly Value[]; by: Value }): Value =>
      total(list.map((y) => y.mul(by).sin().exp()))
    const argument = { list: Array.from(w.data, (y) => value(y)), by: value(1.5) }
    const got = compile(grad(f))(argument)
    const wanted = grad(f)(argument)
    expectClose(got.by, wanted.by)
    for (const [i, y] of wanted.list.entries()) expectClose(got.list[i] as Value, y)
  })
})

test('the nodes of the trace are not kept', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const seen: WeakRef<Value>[] = []
  const f = (a: Value, b: Value): Value => {
    const y = loop(a, b)
    seen.push(new WeakRef(y.neg()), new WeakRef(y))
    return y
  }
  const programs = [compile(valueAndGrad(f)), compile(f)]
  for (const program of programs) program(w, x)
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve) => setTimeout(resolve, 0))
    collect()
  }
  expect(seen.map((each) => each.deref())).toEqual([undefined, undefined, undefined, undefined])
  for (const program of programs) program(w, x)
})
