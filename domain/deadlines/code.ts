import { isDeepStrictEqual } from 'node:util';
import { type DeadlineDefinition, type DeadlineRecord, DeadlineSchema } from '../../contracts/deadlines.ts';
import { PerennialError } from '../../contracts/errors.ts';
import type { ScheduleChange } from '../../contracts/schedules.ts';
import type { AnyPipeline } from '../dag/definition.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeadlineRepository } from '../ports/deadlines.ts';
import type { Locker } from '../ports/schedules.ts';
import { type CheckedDeadline, checkDeadline } from './check.ts';

/**
 * The deadlines that stand in pipeline definitions, by id.
 *
 * @throws DEFINITION_INVALID when two have the same id; VALIDATION_FAILED as {@link checkDeadline}.
 */
export function codeDeadlines(pipelines: ReadonlyMap<string, AnyPipeline>): Map<string, CheckedDeadline> {
  const found = new Map<string, CheckedDeadline>();
  for (const pipeline of pipelines.values()) {
    for (const given of pipeline.deadlines ?? []) {
      const earlier = found.get(given.id);
      if (earlier) {
        throw new PerennialError(
          'DEFINITION_INVALID',
          `The deadline id "${given.id}" stands in "${earlier.definition.pipeline}" and in "${pipeline.id}".`,
          { remedy: 'Give one of them another id.' },
        );
      }
      found.set(given.id, checkDeadline({ ...given, pipeline: pipeline.id }, pipelines));
    }
  }
  return found;
}

/** What takes the deadlines that are there to those of the code. Those made by API are nobody's business here. */
export function diffDeadlines(
  code: ReadonlyMap<string, CheckedDeadline>,
  existing: readonly DeadlineRecord[],
): ScheduleChange[] {
  const there = new Map(existing.map((deadline) => [deadline.id, deadline]));
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

/**
 * Makes the deadlines those of the code, one process at a time; those made by API stay. Doing it again changes nothing.
 *
 * @returns what it changed.
 */
export async function applyDeadlines(deps: {
  readonly pipelines: ReadonlyMap<string, AnyPipeline>;
  readonly deadlines: DeadlineRepository;
  readonly lock: Locker;
  readonly clock: Clock;
}): Promise<ScheduleChange[]> {
  const { pipelines, deadlines, lock, clock } = deps;
  const code = codeDeadlines(pipelines);
  return lock('deadlines', async () => {
    const changes = diffDeadlines(code, await deadlines.list());
    for (const { id, kind } of changes) {
      if (kind === 'remove') await deadlines.remove(id);
      const checked = code.get(id);
      if (kind === 'conflict' || !checked) continue;
      const next = { ...checked, origin: 'code' as const };
      if (kind === 'add') await deadlines.create(next, clock.now());
      else await deadlines.replace(next, clock.now());
    }
    return changes;
  });
}

function fieldsOf(from: DeadlineDefinition | undefined, to: DeadlineDefinition | undefined): ScheduleChange['fields'] {
  const keys = Object.keys(DeadlineSchema.properties) as (keyof DeadlineDefinition)[];
  return keys
    .filter((key) => key !== 'id' && !isDeepStrictEqual(from?.[key], to?.[key]))
    .map((field) => ({ field, from: from?.[field] ?? null, to: to?.[field] ?? null }));
}
