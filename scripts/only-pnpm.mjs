// Runs before any package manager installs this workspace. npm cannot read pnpm's lockfile, so it is told off early.
const agent = process.env.npm_config_user_agent ?? ''

if (!agent.startsWith('pnpm/')) {
  console.error(`
This workspace needs no "npm install". Type one of these; each sets up everything the first time:

    npm start      trains the examples and writes the report
    npm test       type-checks and runs every test
`)
  process.exit(1)
}
