/** `npm run bench`: the tables of limits. `npm run bench -- peers`: train steps beside other libraries. */
const [table, ...rest] = process.argv.slice(2)

if (table === undefined) await import('./limits.ts')
else if (table === 'peers' && rest.length === 0) await import('./peers/compare.ts')
else
  throw new Error(
    `bench: no table named "${[table, ...rest].join(' ')}". Write "npm run bench" or "npm run bench -- peers".`,
  )
