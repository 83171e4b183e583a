/** Derivatives inside derivatives: no perturbation is confused with another, and a pass may run inside a pass. */
import { describe, expect, it } from 'vitest'
import { constant, value } from '../../src/create.ts'
import { type Op, op } from '../../src/op.ts'
import { jvp } from '../../src/transforms/forward.ts'
import { hvp } from '../../src/transforms/jacobian.ts'
import { noGrad } from '../../src/transforms/recording.ts'
import { grad, vjp } from '../../src/transforms/reverse.ts'
import { one, Value } from '../../src/value.ts'

const slope = (f: (x: Value) => Value, x: Value | number): Value => grad(f)(x) as Value
const push = (f: (x: Value) => Value, x: Value): Value => jvp(f, [x], [constant(1)]).tangent as Value

describe('closures over outer variables', () => {
  // d/dx (x · d/dy (x + y)) = 1, where a careless implementation answers 2 (Siskind and Pearlmutter, 2005).
  it('reverse in reverse', () => {
    expect(slope((x) => x.mul(slope((y) => x.add(y), 1)), 1).item()).toBe(1)
  })

  it('forward in forward', () => {
    expect(push((x) => x.mul(push((y) => x.add(y), value(1))), value(1)).item()).toBe(1)
  })

  it('reverse in forward, forward in reverse', () => {
    expect(push((x) => x.mul(slope((y) => x.add(y), 1)), value(1)).item()).toBe(1)
    expect(slope((x) => x.mul(push((y) => x.add(y), value(1))), 1).item()).toBe(1)
  })

  it('the inner variable is the outer one', () => {
    // d/dx [ d/dy (x·y²) at y = x ] = d/dx 2x² = 4x
    expect(slope((x) => slope((y) => x.mul(y.square()), x), 3).item()).toBe(12)
    expect(push((x) => push((y) => x.mul(y.square()), x), value(3)).item()).toBe(12)
    expect(slope((x) => push((y) => x.mul(y.square()), x), 3).item()).toBe(12)
    expect(push((x) => slope((y) => x.mul(y.square()), x), value(3)).item()).toBe(12)
  })

  it('three deep, mixed', () => {
    // f = x·y·z²: ∂/∂z = 2xyz, ∂/∂y of that = 2xz, ∂/∂x = 2z at z = 5.
    const mixed = slope((x) => push((y) => slope((z) => x.mul(y).mul(z.square()), 5), value(3)), 2)
    expect(mixed.item()).toBe(10)
  })

  it('a leaf outside keeps its gradient path through grad', () => {
    const w = value(3)
    const g = slope((x) => x.square().mul(w), 2)
    expect([g.item(), g.requiresGrad]).toEqual([12, true])
    g.backward()
    expect(w.grad.item()).toBe(4)
  })

  it('grad of a leaf leaves its .grad alone', () => {
    const w = value(3)
    slope((x) => x.mul(w), w)
    expect(w.hasGrad).toBe(false)
  })

  it('a function that ignores its argument has gradient zeros', () => {
    const w = value(3)
    expect((grad((_x: Value) => w.square())([1, 2]) as Value).toArray()).toEqual([0, 0])
    expect((grad((_x: Value) => constant(1))([1, 2]) as Value).toArray()).toEqual([0, 0])
  })

  it('identity, and an argument returned twice', () => {
    expect(slope((x) => x, 3).item()).toBe(1)
    expect(slope((x) => x.add(x), 3).item()).toBe(2)
  })
})

describe('recording', () => {
  it('grad works inside noGrad, and its result is a constant', () => {
    const w = value(3)
    const g = noGrad(() => slope((x) => x.square().mul(w), 2))
    expect([g.item(), g.requiresGrad]).toEqual([12, false])
    expect(noGrad(() => slope((x) => slope((y) => y.pow(3), x), 2)).item()).toBe(12)
  })

  it('noGrad inside grad cuts the graph', () => {
    expect(slope((x) => x.mul(noGrad(() => x.square())), 3).item()).toBe(9)
  })

  it('noGrad is left when its function throws', () => {
    expect(() =>
      noGrad(() => {
        throw new Error('inside')
      }),
    ).toThrow('inside')
    expect(value(1).add(1).requiresGrad).toBe(true)
  })

  it('detach cuts the graph, the numbers stay', () => {
    const x = value(3)
    const d = x.square().detach()
    expect([d.item(), d.requiresGrad]).toEqual([9, false])
    expect(slope((y) => y.mul(y.detach()), 3).item()).toBe(3)
  })

  it('a derivative at top level is a constant, of any order', () => {
    const cube = (x: Value): Value => x.pow(3)
    expect(slope(cube, 2).requiresGrad).toBe(false)
    expect(slope((x) => slope(cube, x), 2).requiresGrad).toBe(false)
    expect((hvp(cube)(value(2).detach(), constant(1)) as Value).requiresGrad).toBe(false)
  })
})

describe('a pass inside a pass', () => {
  /** y = x³, whose rule computes the slope by differentiating t³ at its input. */
  const cube: Op = op({
    name: 'cube',
    linearity: 'elementwise',
    forward: (x) => (x as number) ** 3,
    da: (k, g, _y, a) => {
      const at = a instanceof Value ? a : (a as number)
      const inner = grad((t: Value) => t.pow(3))(at as Value) as Value
      return k.mul(g, at instanceof Value ? (inner as never) : (inner.item() as never))
    },
  })

  it('gives the same as the plain power', () => {
    const x = value(2)
    const y = one(cube, x).mul(x).add(one(cube, x.square()))
    y.backward()
    expect(x.grad.item()).toBe(4 * 8 + 6 * 32)
  })

  it('to the second order too', () => {
    expect(slope((x) => slope((t) => one(cube, t), x), 2).item()).toBe(12)
  })

  it('on Values that the outer pass has not finished', () => {
    const x = value(2)
    const shared = x.square()
    /** a·shared, whose rule backpropagates through `shared` while the outer pass still waits for it. */
    const nosy: Op = op({
      name: 'nosy',
      linearity: 'elementwise',
      forward: (a) => (a as number) * shared.item(),
      da: (k, g) => {
        const { value: again, pullback } = vjp((t: Value) => t.mul(shared), 1)
        pullback(1)
        return k.mul(g, again.item())
      },
    })
    const y = one(nosy, x).add(shared.mul(shared)).add(shared)
    y.backward()
    // shared is read as a number in the first term: 4 + d/dx (x⁴ + x²) = 4 + 32 + 4
    expect(x.grad.item()).toBe(40)
    expect(shared.grad.item()).toBe(9)
    x.zeroGrad()
    y.backward()
    expect(x.grad.item()).toBe(40)
  })

  it('backward inside a rule adds to .grad of its own Values', () => {
    const w = value(5)
    const trained: Op = op({
      name: 'trained',
      linearity: 'elementwise',
      forward: (a) => a,
      da: (_k, g) => {
        w.square().backward()
        return g
      },
    })
    const x = value(2)
    one(trained, x).mul(x).backward()
    expect([x.grad.item(), w.grad.item()]).toEqual([4, 10])
  })
})

describe('a rule that throws', () => {
  const failing = { now: true }
  const fragile: Op = op({
    name: 'fragile',
    linearity: 'elementwise',
    forward: (a) => a,
    da: (_k, g) => {
      if (failing.now) throw new Error('the rule failed')
      return g
    },
  })

  it('leaves the graph as it was', () => {
    const x = value(3)
    const y = x.square()
    const z = one(fragile, y).mul(y.add(x)).add(y)
    failing.now = true
    expect(() => z.backward()).toThrow('the rule failed')
    failing.now = false
    for (const v of [x, y]) v.zeroGrad()
    z.backward()
    // y·(y + x) + y with y = x²: 4x³ + 3x² + 2x
    expect(x.grad.item()).toBe(4 * 27 + 27 + 6)
  })

  it('inside a pass inside a pass, both are usable again', () => {
    const x = value(3)
    const y = x.square()
    const outer: Op = op({
      name: 'outer',
      linearity: 'elementwise',
      forward: (a) => a,
      da: (_k, g) => {
        one(fragile, y).backward()
        return g
      },
    })
    const z = one(outer, y).add(y)
    failing.now = true
    expect(() => z.backward()).toThrow('the rule failed')
    failing.now = false
    for (const v of [x, y]) v.zeroGrad()
    z.backward()
    // The inner backward adds dy/dx = 6 of its own.
    expect(x.grad.item()).toBe(12 + 6)
  })
})
