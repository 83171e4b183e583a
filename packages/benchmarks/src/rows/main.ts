/** The process of one row: what to measure and its task from the command line, the result as the last line printed. */
import { measureFirst } from './first.ts'
import { measureProduct } from './product.ts'
import { measureScalar } from './scalar.ts'
import { measureStep } from './step.ts'
import { reasonOf } from './times.ts'

const measurers: Record<string, (task: never) => unknown> = { measureFirst, measureProduct, measureScalar, measureStep }

const [name = '', task = '{}'] = process.argv.slice(2)
try {
  const result = await measurers[name]?.(JSON.parse(task) as never)
  process.stdout.write(`\n${JSON.stringify({ result })}\n`)
} catch (error) {
  process.stdout.write(`\n${JSON.stringify({ error: reasonOf(error) })}\n`)
  process.exitCode = 1
}
