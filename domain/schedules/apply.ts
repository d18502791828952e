import type { DefinitionChange } from '../../contracts/definitions.ts';
import { PerennialError } from '../../contracts/errors.ts';
import type { AnyPipeline } from '../dag/definition.ts';
import type { Clock } from '../ports/clock.ts';
import type { Locker, ScheduleRepository, StoredSchedule } from '../ports/schedules.ts';
import { type CheckedSchedule, checkSchedule } from './check.ts';
import { codeSchedules, diffSchedules } from './code.ts';
import { newSchedule, pausedAfter } from './service.ts';
import { zoneRules } from './zone.ts';

/** A schedule whose time zone is worked out for less is worked out again. */
const leastAheadMs = 5 * 366 * 86_400_000;

/**
 * Makes the schedules on the server those of the code, one process at a time; those made by API stay. Also works out the
 * coming changes of time zones again where little is left, or the rules of the zones have changed with Node. Doing it
 * again changes nothing.
 *
 * @returns what it changed.
 */
export async function applySchedules(deps: {
  readonly pipelines: ReadonlyMap<string, AnyPipeline>;
  readonly schedules: ScheduleRepository;
  readonly lock: Locker;
  readonly clock: Clock;
}): Promise<DefinitionChange[]> {
  const { pipelines, schedules, lock, clock } = deps;
  const code = codeSchedules(pipelines);
  return lock('schedules', async () => {
    const existing = await schedules.list();
    const changes: DefinitionChange[] = [];
    for (const change of diffSchedules(code, existing)) {
      const { id, kind } = change;
      const checked = code.get(id);
      const old = kind === 'remove' ? null : await schedules.get(id);
      // One that was made a moment ago need not be listed yet.
      const isTaken = kind === 'conflict' || old?.origin === 'api';
      changes.push(isTaken ? { id, kind: 'conflict', fields: [] } : change);
      if (kind === 'remove') await schedules.remove(id);
      if (isTaken || !checked) continue;
      const next = newSchedule(checked, 'code', clock.now());
      if (old) await schedules.replace(next, pausedAfter(old, checked.definition));
      else await schedules.create(next);
    }
    const enough = new Date(clock.now().getTime() + leastAheadMs).toISOString();
    for (const schedule of existing) {
      if (schedule.exactUntil >= enough && schedule.zoneRules === zoneRules) continue;
      if (changes.some(({ id, kind }) => id === schedule.id && kind !== 'conflict')) continue;
      const checked = stillHolds(schedule, pipelines);
      if (checked) await schedules.replace(newSchedule(checked, schedule.origin, clock.now()));
    }
    return changes;
  });
}

/** Null for one that does not fit the code any more: its next start says why, and the others must not wait for it. */
function stillHolds(
  { definition }: StoredSchedule,
  pipelines: ReadonlyMap<string, AnyPipeline>,
): CheckedSchedule | null {
  try {
    return checkSchedule(definition, pipelines);
  } catch (error) {
    if (error instanceof PerennialError) return null;
    throw error;
  }
}
