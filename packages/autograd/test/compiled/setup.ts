/** Set-up of the second run: a test must compile all that it calls, but for what expected.ts lists. */
import { afterAll, aroundEach, expect } from 'vitest'
import { lists as inNn } from '../../../nn/test/compiled/expected.ts'
import { asWritten, forgetPrograms, takeFallbacks } from './attempt.ts'
import { lists as inAutograd } from './expected.ts'
import './methods.ts'
import './rounding.ts'

interface Task {
  readonly name: string
  readonly suite?: Task | undefined
  readonly tasks?: readonly Task[]
  readonly mode?: string
}

/** The names of a test and of what it is in. */
function nameOf({ name, suite }: Task): string {
  return suite === undefined ? name : `${nameOf(suite)} > ${name}`
}

function testsOf(task: Task): readonly Task[] {
  return task.tasks?.flatMap(testsOf) ?? [task]
}

type Tests = Readonly<Record<string, string>>

/** What a list says of the tests of a file. */
function entriesOf(list: 'asWritten' | 'fallbacks', file: string): Tests {
  const lists = file.startsWith('packages/nn/') ? inNn : inAutograd
  return lists[list][file.replace(/^packages\/\w+\/test\//, '')] ?? {}
}

function entryOf(tests: Tests, name: string): string | undefined {
  return Object.entries(tests).find(([test]) => name.startsWith(test))?.[1]
}

let ran: Task | undefined

aroundEach(async (runTest, { task }) => {
  ran = task.file
  const file = task.file.name
  const name = nameOf(task)
  takeFallbacks()
  if (entryOf(entriesOf('asWritten', file), name) !== undefined) return asWritten(runTest)
  await runTest()
  const expected = entryOf(entriesOf('fallbacks', file), name)
  const found = new Set(takeFallbacks().map((message) => (message.includes(expected ?? '\0') ? expected : message)))
  expect([...found], 'what could not be compiled').toEqual(expected === undefined ? [] : [expected])
})

afterAll(() => {
  // The programs of one file are of no use to the next.
  const runs = forgetPrograms()
  if (ran === undefined) return
  const tests = testsOf(ran)
  const names = tests.map(nameOf)
  const listed = Object.keys({ ...entriesOf('asWritten', ran.name), ...entriesOf('fallbacks', ran.name) })
  expect(
    listed.filter((test) => !names.some((name) => name.startsWith(test))),
    'listed tests that are gone',
  ).toEqual([])
  // Unless only some of the tests were asked for.
  if (tests.every(({ mode }) => mode === 'run')) expect(runs, 'programs that the file ran').toBeGreaterThan(0)
})
