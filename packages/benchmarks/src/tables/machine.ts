/** What was measured on, and with: the machine, and the tools that are no part of Adjoint. */
import { spawnSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'
import { firstLine } from '../native/files.ts'
import { torchVersion } from '../peers/torch.ts'

export function machine(): string {
  const all = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${all[0]?.model.trim() ?? 'unknown processor'}, ${all.length} cores, ${memory} GiB, Node ${process.version}`
}

/** The C compiler and PyTorch, or that there are none. */
export function tools(): string {
  const gcc = spawnSync('gcc', ['--version'], { encoding: 'utf8' })
  const compiler = gcc.status === 0 ? firstLine(gcc.stdout) : 'no gcc'
  try {
    return `${compiler}; ${torchVersion()}`
  } catch {
    return `${compiler}; no PyTorch`
  }
}
