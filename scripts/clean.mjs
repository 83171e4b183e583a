// Removes what was built, so that a build holds nothing of sources that are gone.
import { rmSync } from 'node:fs'

for (const name of ['autograd', 'nn']) {
  rmSync(new URL(`../packages/${name}/dist`, import.meta.url), { recursive: true, force: true })
}
