import { createHash } from 'node:crypto';
import { type FieldFault, PerennialError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { type ScheduleDefinition, ScheduleSchema } from '../../contracts/schedules.ts';
import type { AnyPipeline, Duration } from '../dag/definition.ts';
import { toMs } from '../dag/duration.ts';
import { schemaFaults, validateParams } from '../dag/params.ts';
import type { Calendar } from '../ports/schedules.ts';
import { parseCalendar, parseCron, parseSkip, TimingFault } from './fields.ts';
import { fireTimes, type Timing } from './fire-times.ts';
import { resolveParams, scheduleScope } from './templates.ts';
import { zoneName } from './zone.ts';

/** A definition that holds, with all defaults filled in and its words worked out. */
export interface CheckedSchedule {
  readonly definition: ScheduleDefinition;
  readonly hash: string;
  readonly timing: Timing;
  readonly jitterMs: number;
  readonly catchUpMs: number;
}

/** Ids that are paths of the API. */
const reserved = ['diff', 'preview'];
const leastCatchUpMs = 10_000;

/** Checks a schedule; VALIDATION_FAILED with every fault and its field. */
export function checkSchedule(given: ScheduleDefinition, pipelines: ReadonlyMap<string, AnyPipeline>): CheckedSchedule {
  const { faults, checked } = examineSchedule(given, pipelines);
  if (checked) return checked;
  const list = faults.map(
    (f) => `${f.field} ${f.value === undefined ? '' : `${JSON.stringify(f.value)} `}${f.message}`,
  );
  throw new PerennialError('VALIDATION_FAILED', `Schedule "${given.id}": ${list.join('; ')}.`, {
    fields: faults,
    remedy: 'Correct the fields named; the schedule was left as it was.',
  });
}

/** The faults of a schedule, each with its field; or what it means when there are none. */
export function examineSchedule(
  given: ScheduleDefinition,
  pipelines: ReadonlyMap<string, AnyPipeline>,
): { faults: FieldFault[]; checked?: CheckedSchedule } {
  const faults = schemaFaults(ScheduleSchema, given);
  if (faults.length > 0) return { faults };
  const fault = (field: string, value: unknown, message: string): void => {
    faults.push({ field, ...(value === undefined ? {} : { value }), message });
  };
  if (reserved.includes(given.id)) fault('id', given.id, 'is taken by the API itself');
  const timeZone = zoneName(given.timeZone ?? 'UTC');
  if (!timeZone) fault('timeZone', given.timeZone, 'is not an IANA time zone such as Europe/Berlin');
  const definition = withDefaults(given, timeZone ?? 'UTC');
  const ways = (['cron', 'calendars', 'every'] as const).filter((way) => given[way] !== undefined);
  if (ways.length !== 1)
    fault(
      ways[1] ?? 'cron',
      undefined,
      `must say when: exactly one of cron, calendars and every (there are ${ways.length})`,
    );
  const timing: Timing = {
    timeZone: timeZone ?? 'UTC',
    calendars: calendarsOf(given, fault),
    skip: parse(given.skip ?? [], 'skip', parseSkip, fault),
    interval: intervalOf(given, fault),
    startAt: given.startAt === undefined ? Date.UTC(2000, 0, 1) : Date.parse(given.startAt),
    endAt: given.endAt === undefined ? Date.UTC(2101, 0, 1) - 1 : Date.parse(given.endAt),
  };
  if (timing.startAt > timing.endAt) {
    if (given.endAt === undefined) fault('startAt', given.startAt, 'must lie before 2101');
    else fault('endAt', given.endAt, given.startAt ? `lies before startAt, ${given.startAt}` : 'must lie after 1999');
  }
  const jitterMs = given.jitter === undefined ? 0 : (toMs(given.jitter as Duration) ?? 0);
  const catchUpMs = toMs(definition.catchUpWindow as Duration) ?? 0;
  if (catchUpMs < leastCatchUpMs) fault('catchUpWindow', definition.catchUpWindow, 'must be 10s at least');
  faults.push(...paramFaults(definition, pipelines));
  if (faults.length === 0 && fireTimes(timing, timing.startAt - 1, 1).length === 0)
    fault(ways[0] ?? 'cron', given[ways[0] ?? 'cron'], 'never comes: no day fits all that the schedule says');
  if (faults.length > 0) return { faults };
  const hash = createHash('sha256').update(JSON.stringify(definition)).digest('hex');
  return { faults, checked: { definition, hash, timing, jitterMs, catchUpMs } };
}

/** In a fixed order, so that equal definitions are equal text. */
function withDefaults(given: ScheduleDefinition, timeZone: string): ScheduleDefinition {
  const full: ScheduleDefinition = {
    ...given,
    timeZone,
    overlap: given.overlap ?? 'skip',
    catchUpWindow: given.catchUpWindow ?? '1h',
    params: given.params ?? {},
    priority: given.priority ?? 3,
    paused: given.paused ?? false,
    note: given.note ?? '',
  };
  return Object.fromEntries(
    Object.keys(ScheduleSchema.properties).flatMap((key) => {
      const value: unknown = full[key as keyof ScheduleDefinition];
      return value === undefined ? [] : [[key, value]];
    }),
  ) as ScheduleDefinition;
}

type Report = (field: string, value: unknown, message: string) => void;

function parse<From, To>(given: readonly From[], field: string, how: (from: From) => To, fault: Report): To[] {
  return given.flatMap((from, i) => {
    try {
      return [how(from)];
    } catch (error) {
      if (!(error instanceof TimingFault)) throw error;
      fault(given.length === 1 && field === 'cron' ? field : `${field}.${i}`, from, error.message);
      return [];
    }
  });
}

function calendarsOf({ cron, calendars }: ScheduleDefinition, fault: Report): Calendar[] {
  const lines = cron === undefined ? [] : typeof cron === 'string' ? [cron] : cron;
  if (cron !== undefined && lines.length === 0) fault('cron', cron, 'must hold a line at least');
  return [
    ...parse(lines, 'cron', parseCron, fault).flat(),
    ...parse(calendars ?? [], 'calendars', parseCalendar, fault),
  ];
}

function intervalOf({ every, offset }: ScheduleDefinition, fault: Report): Timing['interval'] {
  if (every === undefined) {
    if (offset !== undefined) fault('offset', offset, 'goes with every only');
    return null;
  }
  const everyMs = toMs(every as Duration) ?? 0;
  const offsetMs = offset === undefined ? 0 : (toMs(offset as Duration) ?? 0);
  if (everyMs < 1_000 || everyMs % 1_000 > 0) fault('every', every, 'must be whole seconds, 1s at least');
  if (offsetMs % 1_000 > 0 || offsetMs >= everyMs)
    fault('offset', offset, 'must be whole seconds and shorter than every');
  return { everyMs: Math.max(everyMs, 1_000), offsetMs };
}

function paramFaults(definition: ScheduleDefinition, pipelines: ReadonlyMap<string, AnyPipeline>): FieldFault[] {
  const pipeline = pipelines.get(definition.pipeline);
  if (!pipeline) {
    const message = `is not a pipeline here; there are ${[...pipelines.keys()].join(', ')}`;
    return [{ field: 'pipeline', value: definition.pipeline, message }];
  }
  try {
    // Any time does: an expression gives the same type at all of them.
    const scope = scheduleScope(definition.id, definition.timeZone ?? 'UTC', Date.UTC(2026, 0, 15, 12));
    validateParams(pipeline, resolveParams((definition.params ?? {}) as JsonObject, scope));
    return [];
  } catch (error) {
    if (!(error instanceof PerennialError && error.fields)) throw error;
    return error.fields.map((f) => ({ ...f, field: `params.${f.field}` }));
  }
}
