/** Updates as programs: forward, loss, backward, clipping and the optimizer's step in one. */
import { constant, DomainError, type Value, zeros } from '@adjoint/autograd'
import { type Examples, rowCount } from '../data/dataset.ts'
import { Optimizer } from '../optimizers/optimizer.ts'
import { ADVICE } from './failure.ts'
import type { Run, Update, Updates } from './run.ts'
import { checkGradients, closureOf, evaluate, gradients } from './update.ts'

/** A program for each combination of batch shapes; the compiler is loaded here, by those who ask for it. */
export async function compiledUpdates(run: Run): Promise<Updates> {
  const { compile } = await import('@adjoint/autograd/compile')
  if (run.optimizer instanceof Optimizer) return wholeUpdates(run, compile)
  return slopesOnly(run, compile)
}

type Compile = typeof import('@adjoint/autograd/compile').compile

/** Thrown by a program, before the optimizer's step, when a loss or a gradient is not finite. */
class NotFinite extends Error {}

/** An optimizer of this package decides nothing by numbers: its step is part of the program. */
function wholeUpdates(run: Run, compile: Compile): Updates {
  const guard = zeros([])
  const program = compile((...rows: Value[]): Value[] => {
    const losses = slopes(run, paired(rows))
    guard.update(
      (_, [health]) => {
        if (health !== 0) throw new NotFinite()
      },
      healthOf(run, losses),
    )
    run.optimizer.step(() => losses.reduce((sum, loss) => sum.add(loss)))
    // Then the program has no gradients to hand out.
    forget(run)
    return losses
  })
  const take: Updates['take'] = async (update) => {
    try {
      return program(...flat(update)).map((loss) => loss.item())
    } catch (error) {
      // What was traced up to an error is of no use to anyone.
      forget(run)
      throw error instanceof NotFinite ? await failureOf(run, update) : error
    }
  }
  return { take, close: program.close }
}

/** An optimizer that looks at numbers, as LBFGS does, takes its step outside, and gets its gradients from a program. */
function slopesOnly(run: Run, compile: Compile): Updates {
  const program = compile((...rows: Value[]) => slopes(run, paired(rows)))
  const take: Updates['take'] = async (update) => {
    const again = (): number[] => program(...flat(update)).map((loss) => loss.item())
    try {
      const losses = again()
      if (!losses.every(Number.isFinite)) throw new NotFinite()
      checkGradients(run, update)
      run.optimizer.step(closureOf(update, losses, again))
      return losses
    } catch (error) {
      throw error instanceof NotFinite ? await failureOf(run, update) : error
    }
  }
  return { take, close: program.close }
}

/** x and y of one batch after the other: Values are read faster than what they are nested in. */
function flat({ parts }: Update): Value[] {
  return parts.flatMap(({ x, y }) => [x, y])
}

function paired(rows: readonly Value[]): Examples[] {
  return rows.flatMap((x, i) => (i % 2 === 0 ? [{ x, y: rows[i + 1] as Value }] : []))
}

/** The losses of the batches; leaves the gradient of all of them. */
function slopes(run: Run, parts: readonly Examples[]): Value[] {
  forget(run)
  const rows = parts.reduce((sum, part) => sum + rowCount(part), 0)
  const losses = parts.map((part) => evaluate(run, { rows, parts }, part))
  run.clip()
  return losses
}

/** The gradients of all parameters, those included that the optimizer does not hold. */
function forget({ optimizer, parameters }: Run): void {
  optimizer.zeroGrad()
  for (const parameter of parameters) parameter.zeroGrad()
}

/** 0 where all is finite, else NaN: 0·x is NaN for NaN and the infinities. */
function healthOf({ parameters }: Run, losses: readonly Value[]): Value {
  const slopes = parameters.filter((parameter) => parameter.hasGrad).map((parameter) => parameter.grad)
  return [...losses, ...slopes].map((x) => x.mul(0).sum()).reduce((sum, x) => sum.add(x), constant(0))
}

/** Runs the update once more, operation by operation, which tells where it fails. */
async function failureOf(run: Run, update: Update): Promise<unknown> {
  try {
    await gradients(run, update)
  } catch (error) {
    return error
  }
  const { epoch, first, parts } = update
  const batch = parts.length === 1 ? `batch ${first}` : `batches ${first} to ${first + parts.length - 1}`
  // With other random numbers, or other roundings, it may not fail again.
  return new DomainError(
    `fit: the loss or a gradient became NaN or infinite in epoch ${epoch}, ${batch}, and did not when computed again without { compile: true }. ${ADVICE}`,
  )
}
