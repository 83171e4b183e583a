/** A checkpoint in a file that is always whole. */
import { open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DomainError } from '@adjoint/autograd'
import type { CheckpointStorage } from '../fit/checkpoint.ts'
import { show } from '../options.ts'

/**
 * Keeps the checkpoint in a file. It is written aside (`path` + '.part'), forced to the disk and then renamed over the
 * old one, so that whenever the process or the machine stops, the file holds one whole checkpoint. One run a path.
 * @throws DomainError for a path that is no text.
 * @example fit(model, data, { …, checkpoint: { storage: fileStorage('run.json'), resume: true } })
 */
export function fileStorage(path: string): CheckpointStorage {
  if (typeof path !== 'string' || path === '') {
    throw new DomainError(`fileStorage: the path is ${show(path)}. Give the name of a file: fileStorage('run.json').`)
  }
  return {
    save: async (text) => {
      const aside = `${path}.part`
      await write(aside, text)
      await rename(aside, path)
      await syncDirectory(dirname(path))
    },
    load: () =>
      readFile(path, 'utf8').catch((error: unknown) => {
        if (isMissing(error)) return undefined
        throw error
      }),
  }
}

async function write(path: string, text: string): Promise<void> {
  const file = await open(path, 'w')
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** The renaming itself lasts only once the directory is on the disk; Windows neither needs nor allows it. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
