/** Weights to and from PyTorch, where Python has it; the same bytes are fixed in safetensors.test.ts where not. */
import { spawnSync } from 'node:child_process'
import { random } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { Linear, loadSafetensors, mseLoss, Sequential, SGD, saveSafetensors } from '../../src/index.ts'

const FIND = 'import importlib.util, sys; sys.exit(importlib.util.find_spec("torch") is None)'
const python = ['python3', '/usr/bin/python3'].find((name) => spawnSync(name, ['-c', FIND]).status === 0)

/** The format in a few lines of Python, so that nothing but torch is needed; the file goes through a pipe, in hex. */
const FORMAT = `
import json, struct, sys, torch
def load(b):
    n = struct.unpack('<Q', b[:8])[0]
    dtypes = {'F64': torch.float64, 'F32': torch.float32}
    header = json.loads(b[8:8 + n])
    return {name: torch.frombuffer(bytearray(b[8 + n + t['data_offsets'][0]:8 + n + t['data_offsets'][1]]),
            dtype=dtypes[t['dtype']]).reshape(t['shape']) for name, t in header.items() if name != '__metadata__'}
def save(state):
    header, data = {}, b''
    for name, x in state.items():
        raw = struct.pack('<%dd' % x.numel(), *x.flatten().tolist())
        header[name] = {'dtype': 'F64', 'shape': list(x.shape), 'data_offsets': [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    return struct.pack('<Q', len(text)) + text + data
torch.set_default_dtype(torch.float64)
model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1))
x, y = torch.tensor([[0.5, -1.], [2., 3.]]), torch.tensor([[1.], [-1.]])
`

function run(script: string, input = ''): { readonly bytes: Uint8Array; readonly predictions: number[][] } {
  const { stdout, stderr } = spawnSync(python ?? '', ['-c', FORMAT + script], { input, encoding: 'utf8' })
  if (!stdout.startsWith('{')) throw new Error(stderr)
  const { hex, predictions } = JSON.parse(stdout)
  return { bytes: Uint8Array.from(hex.match(/../g) ?? [], (pair: string) => Number.parseInt(pair, 16)), predictions }
}

const x = [
  [0.5, -1],
  [2, 3],
]
const y = [[1], [-1]]
const build = (): Sequential =>
  new Sequential(new Linear(2, 3, { random: random(1) }), 'tanh', new Linear(3, 1, { random: random(2) }))

function expectNear(got: unknown, expected: readonly (readonly number[])[]): void {
  const rows = got as number[][]
  expected.forEach((row, i) => {
    row.forEach((n, j) => {
      expect(rows[i]?.[j]).toBeCloseTo(n, 14)
    })
  })
}

describe.skipIf(python === undefined)('with PyTorch', () => {
  test('trained there, read here', () => {
    const { bytes, predictions } = run(`
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for _ in range(20):
    optimizer.zero_grad(); ((model(x) - y) ** 2).mean().backward(); optimizer.step()
print(json.dumps({'hex': save(model.state_dict()).hex(), 'predictions': model(x).tolist()}))`)
    expectNear(loadSafetensors(bytes, build()).forward(x).toArray(), predictions)
  })

  test('trained here, read there', () => {
    const model = build()
    const optimizer = new SGD(model.parameters(), { learningRate: 0.1 })
    for (let step = 0; step < 20; step++) {
      optimizer.zeroGrad()
      mseLoss(model.forward(x), y).backward()
      optimizer.step()
    }
    const hex = Array.from(saveSafetensors(model), (byte) => byte.toString(16).padStart(2, '0')).join('')
    const { predictions } = run(
      `
model.load_state_dict(load(bytes.fromhex(sys.stdin.read())))
print(json.dumps({'hex': '', 'predictions': model(x).tolist()}))`,
      hex,
    )
    expectNear(model.forward(x).toArray(), predictions)
  })
})
