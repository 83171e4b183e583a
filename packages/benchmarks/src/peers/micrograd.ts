/**
 * A port of the design of micrograd (https://github.com/karpathy/micrograd, MIT) in our own words: each operation makes
 * a closure that adds to the gradients of its inputs, a Set holds the inputs, plain numbers become nodes, and a
 * recursive walk sorts the graph. As there, sums, products, powers and relu are primitive, and −, / and negation are
 * made of these; exp, log, erf, tanh and maximum are added in the same manner.
 */
import type { Engine } from '../scalars.ts'
import { erf as erfOf } from './numbers.ts'

type Input = Scalar | number

function lift(x: Input): Scalar {
  return x instanceof Scalar ? x : new Scalar(x)
}

export class Scalar {
  data: number
  grad = 0
  propagate: () => void = () => {}
  readonly inputs: Set<Scalar>
  readonly op: string

  constructor(data: number, inputs: readonly Scalar[] = [], op = '') {
    this.data = data
    this.inputs = new Set(inputs)
    this.op = op
  }

  add(x: Input): Scalar {
    const other = lift(x)
    const out = new Scalar(this.data + other.data, [this, other], '+')
    out.propagate = () => {
      this.grad += out.grad
      other.grad += out.grad
    }
    return out
  }

  mul(x: Input): Scalar {
    const other = lift(x)
    const out = new Scalar(this.data * other.data, [this, other], '*')
    out.propagate = () => {
      this.grad += other.data * out.grad
      other.grad += this.data * out.grad
    }
    return out
  }

  pow(n: number): Scalar {
    const out = new Scalar(this.data ** n, [this], `**${n}`)
    out.propagate = () => {
      this.grad += n * this.data ** (n - 1) * out.grad
    }
    return out
  }

  neg(): Scalar {
    return this.mul(-1)
  }

  sub(x: Input): Scalar {
    return this.add(lift(x).neg())
  }

  div(x: Input): Scalar {
    return this.mul(lift(x).pow(-1))
  }

  relu(): Scalar {
    return this.unary('relu', this.data < 0 ? 0 : this.data, (out) => (out.data > 0 ? 1 : 0))
  }

  exp(): Scalar {
    return this.unary('exp', Math.exp(this.data), (out) => out.data)
  }

  log(): Scalar {
    return this.unary('log', Math.log(this.data), () => 1 / this.data)
  }

  erf(): Scalar {
    return this.unary('erf', erfOf(this.data), () => (2 / Math.sqrt(Math.PI)) * Math.exp(-this.data * this.data))
  }

  tanh(): Scalar {
    return this.unary('tanh', Math.tanh(this.data), (out) => 1 - out.data * out.data)
  }

  maximum(x: Input): Scalar {
    const other = lift(x)
    const winner = this.data >= other.data ? this : other
    const out = new Scalar(winner.data, [this, other], 'max')
    out.propagate = () => {
      winner.grad += out.grad
    }
    return out
  }

  private unary(op: string, data: number, slope: (out: Scalar) => number): Scalar {
    const out = new Scalar(data, [this], op)
    out.propagate = () => {
      this.grad += slope(out) * out.grad
    }
    return out
  }

  backward(): void {
    const order: Scalar[] = []
    const visited = new Set<Scalar>()
    const visit = (node: Scalar): void => {
      if (visited.has(node)) return
      visited.add(node)
      for (const input of node.inputs) visit(input)
      order.push(node)
    }
    visit(this)
    this.grad = 1
    for (const node of order.reverse()) node.propagate()
  }
}

export const micrograd: Engine<Scalar> = {
  name: 'micrograd port',
  add: (a, b) => lift(a).add(b),
  sub: (a, b) => lift(a).sub(b),
  mul: (a, b) => lift(a).mul(b),
  div: (a, b) => lift(a).div(b),
  neg: (a) => a.neg(),
  square: (a) => a.pow(2),
  sqrt: (a) => a.pow(0.5),
  exp: (a) => a.exp(),
  log: (a) => a.log(),
  erf: (a) => a.erf(),
  relu: (a) => a.relu(),
  tanh: (a) => a.tanh(),
  maximum: (a, b) => a.maximum(b),
  leaf: (x) => new Scalar(x),
  valueOf: (y) => y.data,
  backward: (y) => y.backward(),
  gradientOf: (x) => x.grad,
}
