import { type DeadlineRecord, DeadlineSchema } from '../../contracts/deadlines.ts';
import type { DefinitionChange } from '../../contracts/definitions.ts';
import type { AnyPipeline } from '../dag/definition.ts';
import { applyDefinitions, collectDefinitions, diffDefinitions } from '../definitions/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeadlineRepository } from '../ports/deadlines.ts';
import type { Locker } from '../ports/schedules.ts';
import { type CheckedDeadline, checkDeadline } from './check.ts';

/** The deadlines that stand in pipeline definitions, by id; see {@link collectDefinitions} and {@link checkDeadline}. */
export function codeDeadlines(pipelines: ReadonlyMap<string, AnyPipeline>): Map<string, CheckedDeadline> {
  return collectDefinitions(
    'deadline',
    pipelines,
    ({ deadlines }) => deadlines,
    (given, pipeline) => checkDeadline({ ...given, pipeline }, pipelines),
  );
}

/** What takes the deadlines that are there to those of the code. */
export function diffDeadlines(
  code: ReadonlyMap<string, CheckedDeadline>,
  existing: readonly DeadlineRecord[],
): DefinitionChange[] {
  return diffDefinitions(code, existing, DeadlineSchema);
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
}): Promise<DefinitionChange[]> {
  return applyDefinitions({
    kind: 'deadlines',
    code: codeDeadlines(deps.pipelines),
    repository: deps.deadlines,
    diff: diffDeadlines,
    toNew: (checked) => ({ ...checked, origin: 'code' as const }),
    lock: deps.lock,
    clock: deps.clock,
  });
}
