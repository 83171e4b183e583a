// What a new user writes first. It runs under Node, type-checks under both module resolutions and goes through Vite.
import { grad, random, type Value, value } from '@adjoint/autograd'
import { Adam, fit, MLP, mseLoss } from '@adjoint/nn'

const x = value(3)
x.square().backward()
expectNear('d/dx x² at 3', x.grad.item(), 6)

const cube = (v: Value): Value => v.mul(v).mul(v)
expectNear('d²/dx² x³ at 2', grad((v: Value) => grad(cube)(v))(value(2)).item(), 12)

const inputs = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
]
const targets = [[0], [1], [1], [0]]
const model = new MLP([2, 8, 1], { activation: 'tanh', random: random(1) })
await fit(
  model,
  { x: inputs, y: targets },
  {
    loss: mseLoss,
    optimizer: new Adam(model.parameters(), { learningRate: 0.05 }),
    epochs: 300,
    batchSize: 'full',
    random: random(2),
  },
)
expectNear('the loss of XOR after training', mseLoss(model.forward(inputs), targets).item(), 0, 1e-2)
console.log('learned')

function expectNear(what: string, got: number, expected: number, tolerance = 1e-9): void {
  if (!(Math.abs(got - expected) <= tolerance)) throw new Error(`${what} is ${got}, not ${expected}`)
}
