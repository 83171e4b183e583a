// Every other entry loads and is typed; the ones that need a peer find the consumer's own.
import { type Value, value } from '@adjoint/autograd'
import { compile } from '@adjoint/autograd/compile'
import { toDot } from '@adjoint/autograd/inspect'
import { checkGradients } from '@adjoint/autograd/testing'
import { fileStorage } from '@adjoint/nn/node'
import * as terminal from '@adjoint/nn/terminal'

const check = checkGradients((x) => x.tanh().sum(), [value([0.5, -1])])
if (!check.ok) throw new Error(check.report)
const cube = compile((x: Value) => x.mul(x).mul(x))
if (cube(value(2)).item() !== 8) throw new Error('compile gives a wrong number')
if (!toDot(value(2).mul(3)).includes('digraph')) throw new Error('toDot gives no digraph')
if (Object.keys(terminal).length === 0) throw new Error('@adjoint/nn/terminal exports nothing')
if (typeof fileStorage !== 'function') throw new Error('@adjoint/nn/node has no fileStorage')
console.log('loaded')
