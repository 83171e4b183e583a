/** The scalar problems that compiled programs are measured by, at the sizes of the limits. */
import type { Problem } from '../scalars.ts'
import { blackScholes } from './blackScholes.ts'
import { heat } from './heat.ts'
import { mixture } from './mixture.ts'
import { recurrent } from './recurrent.ts'
import { rosenbrock } from './rosenbrock.ts'
import { scalarMLP } from './scalarMLP.ts'
import { speelpenning } from './speelpenning.ts'

export const problems = {
  gmm: () => mixture(1000, 2),
  gmm10: () => mixture(1000, 10),
  rosen: () => rosenbrock(1000),
  bs: () => blackScholes(1000),
  mlp: () => scalarMLP(100),
  speel: () => speelpenning(1000),
  rnn: () => recurrent(100),
  heat: () => heat(100, 1000),
} satisfies Record<string, () => Problem>

export type ProblemName = keyof typeof problems

/** A hundred thousand scalar operations. */
export const large = (): Problem => scalarMLP(155)
