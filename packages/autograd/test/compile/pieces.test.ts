/** Arrays that are 0 outside of a box, computed piece by piece: pads, stencils, gradients of slices. */
import { describe, test } from 'vitest'
import { compile } from '../../src/compile/index.ts'
import { constant, random, type Value, valueAndGrad } from '../../src/index.ts'
import { expectClose } from '../laws/close.ts'

const draw = random(11)

function agree(f: (x: Value) => Value, x: Value, tolerance = 1e-12): void {
  const [eager, gradient] = [f(x), valueAndGrad((z: Value) => f(z).square().sum())(x)]
  for (const target of ['js', 'wasm'] as const) {
    expectClose(compile(f, { target })(x), eager, tolerance, target)
    const got = compile(
      valueAndGrad((z: Value) => f(z).square().sum()),
      { target },
    )(x)
    expectClose(got.value, gradient.value, tolerance, target)
    expectClose(got.grad, gradient.grad, tolerance, target)
  }
}

describe('boxes of zeros', () => {
  test('neighbours on a line', () => {
    agree(
      (x) =>
        x
          .slice([[0, 8]])
          .add(x.slice([[2, 10]]))
          .sub(x.slice([[1, 9]]).mul(2)),
      draw.normal([10]),
    )
    agree(
      (x) =>
        x
          .pad([[2, 0]])
          .add(x.pad([[0, 2]]))
          .mul(x.pad([[1, 1]])),
      draw.normal([7]),
    )
    agree(
      (x) =>
        x
          .pad([[2, 0]])
          .add(x.pad([[0, 2]]))
          .exp()
          .div(x.pad([[1, 1]]).cos()),
      draw.normal([7]),
    )
  })

  test('neighbours on a grid', () => {
    const laplace = (x: Value): Value => {
      const [n, m] = x.shape as readonly [number, number]
      const inner = x.slice([
        [1, n - 1],
        [1, m - 1],
      ])
      const across = x
        .slice([
          [1, n - 1],
          [0, m - 2],
        ])
        .add(
          x.slice([
            [1, n - 1],
            [2, m],
          ]),
        )
      const down = x
        .slice([
          [0, n - 2],
          [1, m - 1],
        ])
        .add(
          x.slice([
            [2, n],
            [1, m - 1],
          ]),
        )
      return across
        .add(down)
        .sub(inner.mul(4))
        .pad([
          [1, 1],
          [1, 1],
        ])
        .mul(0.1)
        .add(x)
    }
    agree(laplace, draw.normal([6, 9]))
    agree((x) => laplace(laplace(x)), draw.normal([5, 5]))
    agree(laplace, constant(draw.normal([6, 9]), { dtype: 'float32' }), 1e-5)
  })

  test('boxes at the edge, apart, one inside another, empty', () => {
    const f = (x: Value): Value =>
      x
        .pad([[0, 6]])
        .add(x.pad([[6, 0]]))
        .add(
          x
            .slice([[1, 2]])
            .pad([[4, 4]])
            .mul(3),
        )
    agree((x) => f(x.slice([[0, 3]])), draw.normal([4]))
  })

  test('a broadcast factor, and a sum over the result', () => {
    const row = draw.normal([5])
    agree(
      (x) =>
        x
          .pad([
            [1, 0],
            [0, 0],
          ])
          .add(
            x
              .pad([
                [0, 1],
                [0, 0],
              ])
              .mul(row),
          )
          .sum({ axis: 0 }),
      draw.normal([3, 5]),
    )
    agree(
      (x) =>
        x
          .pad([
            [1, 0],
            [0, 0],
          ])
          .add(
            x
              .pad([
                [0, 1],
                [0, 0],
              ])
              .mul(row),
          )
          .transpose()
          .matmul(
            x.pad([
              [1, 0],
              [0, 0],
            ]),
          ),
      draw.normal([3, 5]),
    )
  })

  test('more pieces than pay', () => {
    agree(
      (x) => {
        let sum = x
        for (let i = 1; i < 40; i++) sum = sum.add(x.slice([[i, 50]]).pad([[0, i]]))
        return sum
      },
      draw.normal([50]),
    )
  })
})
