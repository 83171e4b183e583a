/** A script that drops a program; needs --expose-gc. */
import { a, b, countWorkers, later, product } from './workers.ts'

const count = countWorkers()
const collect = (globalThis as unknown as { gc(): void }).gc

function use(): void {
  product(3)(a, b)
}
use()
await later(200)
for (let i = 0; i < 100 && count.ended < count.started; i++) {
  collect()
  await later(20)
}
process.stdout.write(`${count.started} started, ${count.ended} ended`)
