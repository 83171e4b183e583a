import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { random } from '@adjoint/autograd'
import { afterAll, expect, test } from 'vitest'
import { Adam, fit, Linear, mseLoss } from '../../src/index.ts'
import { fileStorage } from '../../src/node/index.ts'

const directory = mkdtempSync(join(tmpdir(), 'adjoint-'))
afterAll(() => rmSync(directory, { recursive: true }))

test('keeps the last text, in one file', async () => {
  const path = join(directory, 'run.json')
  const storage = fileStorage(path)
  expect(await storage.load()).toBeUndefined()
  await storage.save('first, which is longer')
  await storage.save('zweite ∂')
  expect(await storage.load()).toBe('zweite ∂')
  expect(await fileStorage(path).load()).toBe('zweite ∂')
  expect(readdirSync(directory)).toEqual(['run.json'])
})

test('what a killed write left aside does no harm', async () => {
  const path = join(directory, 'left.json')
  const storage = fileStorage(path)
  await storage.save('whole')
  writeFileSync(`${path}.part`, 'ha')
  expect(await storage.load()).toBe('whole')
  await storage.save('next')
  expect(await storage.load()).toBe('next')
})

test('other faults are not taken for "nothing saved"', async () => {
  await expect(fileStorage(directory).load()).rejects.toThrow('EISDIR')
  await expect(fileStorage(join(directory, 'no', 'where.json')).save('x')).rejects.toThrow('ENOENT')
})

test('a process that is killed in the middle of a write leaves a whole checkpoint', async () => {
  const path = join(directory, 'killed.json')
  const writer = fileURLToPath(new URL('writer.ts', import.meta.url))
  const options = ['--import', import.meta.resolve('tsx'), '--conditions=@adjoint/source', writer, path]
  let torn = 0
  for (const wait of [35, 70, 110, 155]) {
    const child = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = new Promise((resolve) => child.on('exit', resolve))
    await new Promise((resolve) => child.stdout.once('data', resolve))
    await new Promise((resolve) => setTimeout(resolve, wait))
    child.kill('SIGKILL')
    await ended
    const text = await fileStorage(path).load()
    expect(text).toHaveLength(2_000_000)
    expect(text === text?.[0]?.repeat(2_000_000)).toBe(true)
    if (readdirSync(directory).includes('killed.json.part')) torn++
  }
  // The kills did come in the middle of writes, or the test would show nothing.
  expect(torn).toBeGreaterThan(0)
})

test('fit saves to it and goes on from it', async () => {
  const data = { x: [[0], [1], [2]], y: [[1], [3], [5]] }
  const storage = fileStorage(join(directory, 'fit.json'))
  const train = (epochs: number, checkpoint: object) => {
    const model = new Linear(1, 1, { random: random(1) })
    const optimizer = new Adam(model.parameters())
    const run = fit(model, data, { loss: mseLoss, optimizer, epochs, batchSize: 1, ...checkpoint })
    return run.then((history) => ({ history, weights: model.parameters().map((p) => p.toArray()) }))
  }
  await train(3, { checkpoint: { storage } })
  expect(await train(7, { checkpoint: { storage, resume: true } })).toEqual(await train(7, {}))
})
