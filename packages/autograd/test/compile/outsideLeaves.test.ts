/** Gradients that backward() inside a compiled function leaves outside of it: on leaves, and on its arguments. */
import { describe, expect, test } from 'vitest'
import { constant, grad, TraceError, UnsupportedError, type Value, value } from '../../src/index.ts'
import { asEager, targets } from './asEager.ts'

describe.each(targets)('backward inside for $target', (options) => {
  const { compiling, same } = asEager(options)

  test('adds to what the leaf has, unless that is cleared inside', () => {
    same((compile) => {
      const [w, v] = [value([1, 2]), value([3, 4])]
      const f = compile((x: Value) => {
        v.zeroGrad()
        const loss = x.mul(w).mul(v).sum()
        loss.backward()
        return loss
      })
      f(constant([1, 1]))
      f(constant([2, 0]))
      const twice = [w.grad.toArray(), v.grad.toArray()]
      w.zeroGrad()
      f(constant([1, 1]))
      return [twice, w.grad.toArray(), v.grad.toArray()]
    })
  })

  test('reaches an argument, and what the argument was computed from', () => {
    same((compile) => {
      const w = value([1, 2])
      const f = compile((x: Value, y: Value) => {
        const loss = x.square().mul(y).sum()
        loss.backward()
        return loss
      })
      const x = value([3, 4])
      const h = w.mul(2)
      f(x, constant([1, 1]))
      f(x, h)
      f(x, x)
      return [x, h, w].map((node) => node.grad.toArray())
    })
  })

  test('is read inside as a constant', () => {
    same((compile) => {
      const w = value([2])
      const f = compile((x: Value) => {
        x.zeroGrad()
        w.zeroGrad()
        w.pow(3).mul(x).sum().backward()
        const [slope, other] = [w.grad, x.grad]
        w.zeroGrad()
        slope.mul(w).sum().backward()
        return [w.grad, slope, other]
      })
      const told = f(value([5]))
      return told.map((g) => [g.toArray(), g.requiresGrad])
    })
  })

  test('keeps to leaves where it is told to, and an argument may be one', () => {
    same((compile) => {
      const x = value([1, 2])
      compile((y: Value) => {
        const loss = y.square().sum()
        loss.backward({ keep: 'leaves' })
        return y.grad.mul(2)
      })(x)
      return x.grad.toArray()
    })
  })

  test('a gradient that is cleared inside is gone', () => {
    const w = value([1, 2])
    w.sum().backward()
    compiling((x: Value) => {
      w.zeroGrad()
      return x.mul(2)
    })(constant(1))
    expect(w.hasGrad).toBe(false)
  })

  test('a gradient from before that is read is refused, at any call', () => {
    const w = value([1, 2])
    const f = compiling((x: Value) => {
      w.mul(x).sum().backward()
      return w.grad.mul(1)
    })
    expect(f(constant([1, 2])).toArray()).toEqual([1, 2])
    expect(() => f(constant([1, 2]))).toThrow(TraceError)
    expect(() => f(constant([1, 2]))).toThrow('Call zeroGrad() first, inside the function')
    w.zeroGrad()
    expect(f(constant([3, 4])).toArray()).toEqual([3, 4])
  })

  test('that of a computed argument is not cleared inside', () => {
    const f = compiling((x: Value) => {
      x.zeroGrad()
      const y = x.square().sum()
      y.backward()
      return y
    })
    f(value([1, 2]))
    expect(() => f(value([1, 2]).mul(2))).toThrow(UnsupportedError)
    expect(() => f(value([1, 2]).mul(2))).toThrow('which was a result of mul at this call. Pass a leaf')
  })

  test('the gradient of a gradient from outside leaves none of those inside', () => {
    same((compile) => {
      const w = value([2, 3])
      const f = compile((x: Value) => {
        w.zeroGrad()
        w.square().sum().backward()
        return x.mul(w.grad).sum()
      })
      const x = value([1, 1])
      const slope = grad(f)(x) as Value
      return [slope.toArray(), w.grad.toArray(), x.hasGrad]
    })
  })
})
