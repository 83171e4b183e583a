/** A small network for the two moons, as a function of one list of weights: the form that curvature is asked of. */
import { grad, type Value, value, vmap } from '@adjoint/autograd'
import { LBFGS } from '@adjoint/nn'
import { type Labelled, readMoons } from './data.ts'

/** The 100 points, and −1 or 1 for each. */
export const { x, y }: Labelled = readMoons()
const hidden = 8
/** All weights in one list: 8·2 and 8 of the hidden layer, 8 and 1 of the output. */
export const size: number = 4 * hidden + 1

/** The score of one point: above 0 for one moon, below for the other. */
function score(weights: Value, point: Value): Value {
  const [w1, b1] = [weights.slice([[0, 2 * hidden]]).reshape([hidden, 2]), weights.slice([[2 * hidden, 3 * hidden]])]
  const w2 = weights.slice([[3 * hidden, 4 * hidden]])
  return w1
    .matmul(point)
    .add(b1)
    .tanh()
    .dot(w2)
    .add(weights.at(4 * hidden))
}

/** The logistic loss of one example, and a little for large weights. */
export const loss = (weights: Value, point: Value, label: Value): Value =>
  score(weights, point).mul(label).neg().softplus().add(weights.square().sum().mul(5e-4))

/** Written for one example, used for all: the weights are shared, points and labels go one by one. */
const each = { axis: [null, 0, 0] }
const losses = vmap(loss, each)
/** Of weights, points and labels: one row an example. */
export const gradients = vmap(grad(loss), each)

/** Of weights and points. */
export const scores = vmap(score, { axis: [null, 0] })

/** The mean loss of all examples, by the weights. */
export const total = (weights: Value): Value => losses(weights, x, y).mean()

/** To a minimum, as near as rounding lets it. */
export function train(start: Value): Value {
  const weights = value(start)
  const limits = { maxIter: 2000, maxEval: 4000, toleranceGrad: 1e-9, toleranceChange: 1e-15 }
  const optimizer = new LBFGS([weights], { lineSearch: 'strongWolfe', ...limits })
  optimizer.step(() => {
    optimizer.zeroGrad()
    const loss = total(weights)
    loss.backward()
    return loss
  })
  return weights.detach()
}
