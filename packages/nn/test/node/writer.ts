/** Saves checkpoints without end, to be killed in the middle: every text is one digit, many times. */
import { fileStorage } from '../../src/node/index.ts'

const storage = fileStorage(process.argv[2] as string)
for (let i = 0; ; i++) {
  await storage.save(String(i % 10).repeat(2_000_000))
  if (i === 0) process.stdout.write('ready\n')
}
