/** Terms that compute: applications of elementwise records, and conversions between types. */
import { where } from '../../../ops/comparison.ts'
import type { Apply, Convert, Term } from '../../program/program.ts'
import type { Written } from '../math/index.ts'
import type { Frame } from './frame.ts'
import { native, type Operand } from './native.ts'
import type { FloatType, Numbers, Push } from './numbers.ts'
import { relations } from './uses.ts'

export function emitApply(f: Frame, step: Apply): void {
  const varies = step.inputs.some((input) => f.varies(input))
  const mask = f.context.uses.isMask(step)
  f.define(step, varies, (copy) => value(f, step, copy, mask), mask)
}

function value(f: Frame, step: Apply, copy: number, mask: boolean): void {
  const { op, args, type } = step
  const numbers = f.numbers(type)
  const operands: Operand[] = step.inputs.map((input) => ({
    push: f.pusher(input, copy),
    constant: constantOf(f, input),
    isFinite: isKnownFinite(f, input),
  }))
  const [a, b = a, c = b] = operands
  if (a === undefined || b === undefined || c === undefined) throw new Error(`${op.name} has no inputs`)
  if (op === where) {
    choose(f, numbers, step.inputs[0] as Term, a.push, b.push, c.push)
    return
  }
  const relation = relations.get(op)
  if (relation !== undefined) {
    const compare = (): void => numbers.compare(relation, a.push, b.push)
    if (mask) compare()
    else numbers.truth(compare)
    return
  }
  const recipe = native.get(op)
  if (recipe !== undefined) {
    recipe(numbers, a.push, b.push, args, operands)
    return
  }
  const formula = f.vector ? f.context.formula(step, f.mode) : null
  if (formula !== null) {
    inPlace(f, formula, operands)
    return
  }
  const index = f.context.vectorFunction(step)
  if (index === null) lanewise(f, step, copy)
  else {
    for (const { push } of operands) widen(f, type, push)
    f.code.call(index)
    if (!f.vector) f.extract(type, 0)
  }
}

/** The number as its type has it. */
function constantOf(f: Frame, term: Term): number | null {
  const constant = f.constantOf(term)
  if (constant === null) return null
  return constant.type === 'f32' ? Math.fround(constant.value) : constant.value
}

/** Constants, whole numbers and truth values. */
function isKnownFinite(f: Frame, raw: Term): boolean {
  const term = f.context.order.resolve(raw)
  if (term.kind === 'constant') return Number.isFinite(constantOf(f, term))
  if (term.kind === 'convert') return term.input.type === 'i32'
  return term.kind === 'apply' && relations.has(term.op)
}

function choose(f: Frame, numbers: Numbers, condition: Term, test: Push, a: Push, b: Push): void {
  const constant = f.constantOf(condition)
  if (constant !== null) {
    if (constant.value !== 0) a()
    else b()
    return
  }
  if (f.held(condition).mask) numbers.select(test, a, b)
  else numbers.select(() => numbers.compare('ne', test, () => numbers.constant(0)), a, b)
}

/** Leaves the result on the stack, so that all locals are free again. */
function inPlace(f: Frame, formula: Written, operands: readonly Operand[]): void {
  const taken: number[] = []
  const take = (): number => {
    const local = f.take('v128')
    taken.push(local)
    return local
  }
  const inputs = operands.map(({ push }) => {
    push()
    const local = take()
    f.code.set(local)
    return local
  })
  f.code.get(formula(f.code, inputs, take))
  for (const local of taken) f.give(local)
}

/** A number in every lane, so that the last iterations get their results from the function that vectors got theirs. */
function widen(f: Frame, type: FloatType, push: Push): void {
  push()
  if (!f.vector) f.code.op(type === 'f64' ? 'f64x2.splat' : 'f32x4.splat')
}

/** Calls the record's own function in JavaScript, lane by lane. */
function lanewise(f: Frame, step: Apply, copy: number): void {
  const { code } = f
  const index = f.context.imports.scalarFunction(step)
  const single = step.type === 'f32'
  const call = (lane: number): void => {
    for (const input of step.inputs) {
      f.pushLane(input, copy, lane)
      if (single) code.op('f64.promote_f32')
    }
    code.call(index)
    if (single) code.op('f32.demote_f64')
  }
  call(0)
  if (!f.vector) return
  code.op(single ? 'f32x4.splat' : 'f64x2.splat')
  if (!step.inputs.some((input) => f.varies(input))) return
  for (let lane = 1; lane < f.mode.lanes; lane++) {
    call(lane)
    code.lane(single ? 'f32x4.replace_lane' : 'f64x2.replace_lane', lane)
  }
}

export function emitConvert(f: Frame, step: Convert): void {
  const { input, type } = step
  const varies = f.varies(input)
  if (type === 'i32') {
    f.defineWhole(step, varies, (copy, lane) => {
      f.pushLane(input, copy, lane)
      if (input.type !== 'i32') f.code.op(`i32.trunc_sat_${input.type}_s`)
    })
  } else {
    f.define(step, varies, (copy) => {
      if (input.type === 'i32') fromWhole(f, input, type, copy, varies)
      else fromFloat(f, input, type, copy)
    })
  }
}

function fromFloat(f: Frame, input: Term, type: FloatType, copy: number): void {
  f.push(input, copy)
  if (input.type === type) return
  if (f.vector) f.code.op(type === 'f32' ? 'f32x4.demote_f64x2_zero' : 'f64x2.promote_low_f32x4')
  else f.code.op(type === 'f32' ? 'f32.demote_f64' : 'f64.promote_f32')
}

function fromWhole(f: Frame, input: Term, type: FloatType, copy: number, varies: boolean): void {
  const { code } = f
  f.pushLane(input, copy, 0)
  if (!f.vector) {
    code.op(`${type}.convert_i32_s`)
    return
  }
  code.op('i32x4.splat')
  for (let lane = 1; varies && lane < f.mode.lanes; lane++) {
    f.pushLane(input, copy, lane)
    code.lane('i32x4.replace_lane', lane)
  }
  code.op(type === 'f64' ? 'f64x2.convert_low_i32x4_s' : 'f32x4.convert_i32x4_s')
}
