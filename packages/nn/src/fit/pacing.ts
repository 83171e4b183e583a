/** Which schedules take a step when. */
import { DomainError } from '@adjoint/autograd'
import { checkOptions, type Names, show } from '../options.ts'
import type { Pace, Schedule } from '../schedules/schedule.ts'

/** A schedule with a pace of one's own. */
export interface PacedSchedule {
  readonly schedule: Schedule
  /** After each update of the parameters, or after each epoch. */
  readonly per: Pace
}

const pacedOptions: Names<PacedSchedule> = { schedule: true, per: true }

/** One schedule or several, each at its own pace (OneCycleLR and warmup: 'step', others: 'epoch') or as said. */
export type ScheduleOption = Schedule | PacedSchedule | readonly (Schedule | PacedSchedule)[]

/** @throws DomainError for what is no schedule, or a pace that does not exist. */
export function readSchedules(option: ScheduleOption | undefined): readonly PacedSchedule[] {
  const list = option === undefined ? [] : Array.isArray(option) ? option : [option]
  return list.map(readPaced)
}

function readPaced(item: Schedule | PacedSchedule): PacedSchedule {
  const own = typeof item === 'object' && item !== null && 'schedule' in item
  if (own) checkOptions('fit (schedule)', item, pacedOptions)
  const { schedule, per } = own ? item : { schedule: item, per: item?.pace }
  if (typeof schedule?.step !== 'function') {
    throw new DomainError(`fit: the schedule is ${show(schedule)}. Give one: new StepLR(optimizer, { stepSize: 30 }).`)
  }
  if (per === 'step' || per === 'epoch') return { schedule, per }
  throw new DomainError(`fit (schedule): per is ${show(per)}. Use 'step' or 'epoch'.`)
}

export function stepSchedules(schedules: readonly PacedSchedule[], now: Pace, metric: number): void {
  for (const { schedule, per } of schedules) if (per === now) schedule.step(metric)
}
