import fc from 'fast-check'

/**
 * Property tests draw the same cases on every run. To explore others:
 * `FC_SEED=7 npm test` takes another seed, `FC_SEED=random` a new one each run, `FC_RUNS=2000` draws more cases.
 */
const { FC_SEED = '1', FC_RUNS = '100' } = process.env

fc.configureGlobal({
  ...(FC_SEED === 'random' ? {} : { seed: Number(FC_SEED) }),
  numRuns: Number(FC_RUNS),
})
