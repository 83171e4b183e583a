/** Functions that return no Value: every transform says what arrived, and what to do. */
import { describe, expect, it } from 'vitest'
import {
  AutogradError,
  checkpoint,
  constant,
  customGradient,
  grad,
  hessian,
  hvp,
  jacobian,
  jvp,
  noGrad,
  type Value,
  value,
  valueAndGrad,
  vjp,
  vmap,
} from '../../src/index.ts'

type Wrong = () => never
const wrong = (x: unknown): Wrong => (() => x) as Wrong

const scalar: readonly [string, (f: Wrong) => unknown][] = [
  ['grad', (f) => grad(f)(1 as never)],
  ['valueAndGrad', (f) => valueAndGrad(f)(1 as never)],
  ['hessian', (f) => hessian(f)(1)],
  ['hvp', (f) => hvp(f)(1, 1)],
]
const structured: readonly [string, (f: Wrong) => unknown][] = [
  ['vjp', (f) => vjp(f as (x: Value) => never, 1)],
  ['jvp', (f) => jvp(f as (x: Value) => never, [1], [1])],
  ['jacobian', (f) => jacobian(f)(1)],
  ['vmap', (f) => vmap(f as (x: Value) => never)([1, 2])],
  ['checkpoint', (f) => checkpoint(f as (x: Value) => never)(1)],
  ['checkpoint', (f) => noGrad(() => [checkpoint(f as (x: Value) => never)(1)])],
  ['customGradient', (f) => customGradient((x: Value) => ({ value: f(), pullback: () => x }))(1)],
]

const things: readonly [string, unknown, string][] = [
  ['nothing', undefined, 'undefined'],
  ['null', null, 'null'],
  ['text', 'a', "'a'"],
  ['a truth value', true, 'true'],
  ['an object without Values', { a: 'x' }, 'an object of class Object'],
  ['a Map', new Map(), 'an object of class Map'],
  ['a function', () => 1, 'a function'],
]

describe.each(things)('%s', (_, x, shown) => {
  const expectError = (run: () => unknown, message: string): void => {
    expect(run).toThrow(AutogradError)
    expect(run).toThrow(message)
  }
  it.each(scalar)('%s', (name, run) => {
    expectError(() => run(wrong(x)), `${name}: the function returned ${shown}. Return a Value.`)
  })
  it.each(structured)('%s', (name, run) => {
    expectError(
      () => run(wrong(x)),
      `${name}: the function returned ${shown}, in which there is no Value. Return Values.`,
    )
  })
  it('customGradient', () => {
    expectError(
      () => customGradient(wrong(x) as never)(value(1)),
      `customGradient: the function returned ${shown}. Return { value, pullback }, as vjp does.`,
    )
    const one = customGradient((v: Value) => ({ value: v.square(), pullback: wrong(x) }))
    expectError(() => grad((v: Value) => one(v))(1), `the pullback of customGradient: got ${shown}. Give a number`)
    const two = customGradient((v: Value, w: Value) => ({ value: v.mul(w), pullback: wrong(x) }))
    expectError(
      () => grad((v: Value) => two(v, v))(1),
      `customGradient: the pullback returned ${shown} for 2 arguments. Return a list`,
    )
  })
})

describe('a promise', () => {
  const late = (): never => Promise.resolve(constant(1)) as never
  // Of another realm, or a library's own: anything with `then`.
  const thenable = (): never => Object.fromEntries([['then', () => undefined]]) as never
  describe.each([
    ['a Promise', late],
    ['what can be awaited', thenable],
  ] as const)('%s', (_, f) => {
    it.each([...scalar, ...structured])('%s', (name, run) => {
      expect(() => run(f)).toThrow(AutogradError)
      expect(() => run(f)).toThrow(`${name}: the function returned a promise, so it is asynchronous`)
    })
    it('customGradient, and its pullback', () => {
      expect(() => customGradient(f as never)(value(1))).toThrow('customGradient: the function returned a promise')
      const one = customGradient((v: Value) => ({ value: v.square(), pullback: f }))
      expect(() => grad((v: Value) => one(v))(1)).toThrow(
        'the pullback of customGradient: the function returned a promise',
      )
    })
  })
})

it('numbers and arrays are Values, recorded or not', () => {
  const three = (): never => 3 as never
  expect(vmap(three as (x: Value) => number)([1, 2]).toArray()).toEqual([3, 3])
  const stored = checkpoint(three as (x: Value) => number)
  expect([stored(1).item(), noGrad(() => stored(1)).item()]).toEqual([3, 3])
})
