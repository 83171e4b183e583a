/** One train step: eager, compiled as a whole, and with other libraries, after the same first losses. */
import { brainTraining } from '../peers/brain.ts'
import { jaxTrainer } from '../peers/jax.ts'
import { tfjsTrainer } from '../peers/tfjs.ts'
import { torchTraining } from '../peers/torch.ts'
import { type Block, blockOf, expectEqual } from '../timing.ts'
import { losses, type Training } from '../train.ts'
import { plans, type Work, workOf } from '../work.ts'
import { workCompiled, workWithModules } from '../workModules.ts'
import { type Times, timesOf } from './times.ts'

export type StepWay = 'compiled' | 'threads' | 'eager' | 'jax' | 'tfjs' | 'brain' | 'torch'

export const STEPS = 5
export const TOLERANCE = 1e-4
/** The step that is measured with two threads as well. */
export const THREADED = 'D'

/** @param name Of a plan: A1, A64, B, C, D, E. */
export function measureStep({ name }: { name: string }): Promise<Times<StepWay>> {
  const plan = plans.find((each) => each.name === name)
  if (plan === undefined) throw new Error(`no train step is named ${name}`)
  const work = workOf(plan)
  const expected = losses(workWithModules(work), STEPS)
  const check = (got: readonly number[]): void => expectEqual(`losses of ${name}`, got, expected, TOLERANCE)
  const checked = (trainer: (work: Work) => Training): Block => {
    const training = trainer(work)
    check(losses(training, STEPS))
    return blockOf(training.step)
  }
  return timesOf<StepWay>({
    compiled: () => checked(workCompiled),
    threads: () => {
      if (name !== THREADED) throw new Error('has no limit with threads')
      return checked((each) => workCompiled(each, { threads: 2 }))
    },
    eager: () => checked(workWithModules),
    jax: async () => checked(await jaxTrainer()),
    tfjs: async () => checked(await tfjsTrainer()),
    brain: () => blockOf(brainTraining(work).step),
    torch: () => {
      const training = torchTraining(work, STEPS)
      check(training.losses)
      return training.block
    },
  })
}
