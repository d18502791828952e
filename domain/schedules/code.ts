import { isDeepStrictEqual } from 'node:util';
import { PerennialError } from '../../contracts/errors.ts';
import { type ScheduleChange, type ScheduleDefinition, ScheduleSchema } from '../../contracts/schedules.ts';
import type { AnyPipeline } from '../dag/definition.ts';
import type { StoredSchedule } from '../ports/schedules.ts';
import { type CheckedSchedule, checkSchedule } from './check.ts';

/**
 * The schedules that stand in pipeline definitions, by id.
 *
 * @throws DEFINITION_INVALID when two have the same id; VALIDATION_FAILED as {@link checkSchedule}.
 */
export function codeSchedules(pipelines: ReadonlyMap<string, AnyPipeline>): Map<string, CheckedSchedule> {
  const found = new Map<string, CheckedSchedule>();
  for (const pipeline of pipelines.values()) {
    for (const given of pipeline.schedules ?? []) {
      const earlier = found.get(given.id);
      if (earlier) {
        throw new PerennialError(
          'DEFINITION_INVALID',
          `The schedule id "${given.id}" stands in "${earlier.definition.pipeline}" and in "${pipeline.id}".`,
          { remedy: 'Give one of them another id.' },
        );
      }
      found.set(given.id, checkSchedule({ ...given, pipeline: pipeline.id }, pipelines));
    }
  }
  return found;
}

/** What takes the schedules that are there to those of the code. Those made by API are nobody's business here. */
export function diffSchedules(
  code: ReadonlyMap<string, CheckedSchedule>,
  existing: readonly StoredSchedule[],
): ScheduleChange[] {
  const there = new Map(existing.map((schedule) => [schedule.id, schedule]));
  const changes: ScheduleChange[] = [];
  for (const [id, { definition, hash }] of code) {
    const old = there.get(id);
    if (!old) changes.push({ id, kind: 'add', fields: fieldsOf(undefined, definition) });
    else if (old.origin === 'api') changes.push({ id, kind: 'conflict', fields: [] });
    else if (old.hash !== hash) changes.push({ id, kind: 'change', fields: fieldsOf(old.definition, definition) });
  }
  for (const { id, origin, definition } of existing)
    if (origin === 'code' && !code.has(id))
      changes.push({ id, kind: 'remove', fields: fieldsOf(definition, undefined) });
  return changes.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function fieldsOf(from: ScheduleDefinition | undefined, to: ScheduleDefinition | undefined): ScheduleChange['fields'] {
  const keys = Object.keys(ScheduleSchema.properties) as (keyof ScheduleDefinition)[];
  return keys
    .filter((key) => key !== 'id' && !isDeepStrictEqual(from?.[key], to?.[key]))
    .map((field) => ({ field, from: from?.[field] ?? null, to: to?.[field] ?? null }));
}
