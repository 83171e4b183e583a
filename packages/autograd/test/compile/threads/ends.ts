/** A script that compiles with threads and comes to its end. */
import { a, b, product } from './workers.ts'

const two = product(2)
for (let i = 0; i < 100; i++) two(a, b)
// Once the workers are up, and then asleep.
setTimeout(() => {
  two(a, b)
  process.stdout.write('done')
}, 300)
