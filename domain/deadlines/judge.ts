import type { DeadlineDay, DeadlineEventData, DeadlineRecord } from '../../contracts/deadlines.ts';
import { type CloudEvent, eventTypes } from '../../contracts/events.ts';
import type { DeadlineRun } from '../ports/deadlines.ts';
import type { Outlook } from './outlook.ts';
import { type Clock, lateness } from './words.ts';

/** A run that ended in time may be seen this much later: its end is told before it is committed. */
const graceMs = 5_000;
/** A foreseen end that moves less is not written down again. */
const worthMs = 60_000;

export interface Judgement {
  readonly day: DeadlineDay;
  readonly events: readonly CloudEvent[];
}

/** What is found out about a day: the run that did its work, or how it looks. */
export type Finding = { readonly done: DeadlineRun & { readonly finishedAt: number } } | { readonly outlook: Outlook };

/**
 * How a day goes on: open → expected-late → missed → met, each at most once and any of them left out. One that was met
 * late was missed before. @returns null when there is nothing to write.
 */
export function judge(
  deadline: DeadlineRecord,
  before: DeadlineDay | null,
  due: { readonly day: string; readonly dueAt: number },
  finding: Finding,
  now: number,
  clock: Clock,
): Judgement | null {
  const at = new Date(now).toISOString();
  const dueAt = new Date(due.dueAt).toISOString();
  const known: DeadlineDay = before ?? {
    deadline: deadline.id,
    day: due.day,
    status: 'open',
    dueAt,
    expectedAt: null,
    runId: null,
    reason: '',
    warnedAt: null,
    missedAt: null,
    metAt: null,
    lateSeconds: null,
    updatedAt: at,
  };
  const wasDue = `It was due at ${clock(due.dueAt)}.`;
  if ('done' in finding) {
    const { id: runId, finishedAt } = finding.done;
    const metAt = new Date(finishedAt).toISOString();
    const late = finishedAt - due.dueAt;
    const reason = `The run ended at ${clock(finishedAt)}, ${lateness(late)}.`;
    const isMissed = known.missedAt === null && late > 0;
    const missed: DeadlineDay = { ...known, runId, missedAt: isMissed ? dueAt : known.missedAt, updatedAt: at };
    const met: DeadlineDay = { ...missed, status: 'met', reason, metAt, lateSeconds: Math.max(0, late) / 1_000 };
    const events = isMissed
      ? [event(deadline, { ...missed, status: 'missed', reason: `${wasDue} ${reason}` }, dueAt)]
      : [];
    return { day: met, events: [...events, event(deadline, met, metAt)] };
  }
  const { runId, expectedAt, reason } = finding.outlook;
  const next = {
    ...known,
    runId,
    expectedAt: expectedAt === null ? null : new Date(expectedAt).toISOString(),
    reason,
    updatedAt: at,
  };
  if (known.status !== 'missed' && now >= due.dueAt + graceMs) {
    const missed: DeadlineDay = { ...next, status: 'missed', missedAt: dueAt, reason: `${wasDue} ${reason}` };
    return { day: missed, events: [event(deadline, missed, dueAt)] };
  }
  if (known.status === 'open' && expectedAt !== null && expectedAt > due.dueAt) {
    const warned: DeadlineDay = { ...next, status: 'expected-late', warnedAt: at };
    return { day: warned, events: [event(deadline, warned, at)] };
  }
  if (before && before.runId === runId && !moved(before.expectedAt, expectedAt)) return null;
  return { day: known.status === 'missed' ? { ...next, reason: `${wasDue} ${reason}` } : next, events: [] };
}

function moved(from: string | null, to: number | null): boolean {
  if (from === null || to === null) return from !== null || to !== null;
  return Math.abs(Date.parse(from) - to) >= worthMs;
}

/** The event of a day that has come to its status; the same again has the same id. */
function event({ id, pipeline, definition }: DeadlineRecord, day: DeadlineDay, time: string): CloudEvent {
  const types = { met: eventTypes.deadlineMet, missed: eventTypes.deadlineMissed };
  const data: DeadlineEventData = {
    deadline: id,
    pipeline,
    key: definition.key ?? null,
    day: day.day,
    dueAt: day.dueAt,
    expectedAt: day.expectedAt,
    reason: day.reason,
    runId: day.runId,
    ...(day.lateSeconds === null ? {} : { lateSeconds: day.lateSeconds }),
  };
  return {
    specversion: '1.0',
    id: `${day.day}/${day.status}`,
    source: `/deadlines/${id}`,
    type: day.status === 'met' || day.status === 'missed' ? types[day.status] : eventTypes.deadlineExpectedLate,
    subject: day.day,
    time,
    datacontenttype: 'application/json',
    data: { ...data },
  };
}
