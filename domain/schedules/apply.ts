import type { DefinitionChange } from '../../contracts/definitions.ts';
import type { AnyPipeline } from '../dag/definition.ts';
import type { Clock } from '../ports/clock.ts';
import type { Locker, NewSchedule, ScheduleRepository } from '../ports/schedules.ts';
import { checkSchedule } from './check.ts';
import { codeSchedules, diffSchedules } from './code.ts';
import { newSchedule, pausedAfter } from './service.ts';

/** A schedule whose time zone is worked out for less is worked out again. */
const leastAheadMs = 5 * 366 * 86_400_000;

/**
 * Makes the schedules on the server those of the code, one process at a time; those made by API stay. Also works out the
 * coming changes of time zones again where little is left. Doing it again changes nothing.
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
    const changes = diffSchedules(code, existing);
    for (const { id, kind } of changes) {
      const checked = code.get(id);
      if (kind === 'remove') await schedules.remove(id);
      if (kind === 'conflict' || !checked) continue;
      const next = newSchedule(checked, 'code', clock.now());
      const old = await schedules.get(id);
      if (old) await schedules.replace(next, pausedAfter(old, checked.definition));
      else await schedules.create(next);
    }
    const enough = new Date(clock.now().getTime() + leastAheadMs).toISOString();
    for (const { id, definition, origin, exactUntil } of existing) {
      if (exactUntil >= enough || changes.some((change) => change.id === id) || !pipelines.has(definition.pipeline))
        continue;
      const again: NewSchedule = newSchedule(checkSchedule(definition, pipelines), origin, clock.now());
      await schedules.replace(again);
    }
    return changes;
  });
}
