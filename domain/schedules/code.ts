import type { DefinitionChange } from '../../contracts/definitions.ts';
import { ScheduleSchema } from '../../contracts/schedules.ts';
import type { AnyPipeline } from '../dag/definition.ts';
import { collectDefinitions, diffDefinitions } from '../definitions/index.ts';
import type { StoredSchedule } from '../ports/schedules.ts';
import { type CheckedSchedule, checkSchedule } from './check.ts';

/** The schedules that stand in pipeline definitions, by id; see {@link collectDefinitions} and {@link checkSchedule}. */
export function codeSchedules(pipelines: ReadonlyMap<string, AnyPipeline>): Map<string, CheckedSchedule> {
  return collectDefinitions(
    'schedule',
    pipelines,
    ({ schedules }) => schedules,
    (given, pipeline) => checkSchedule({ ...given, pipeline }, pipelines),
  );
}

/** What takes the schedules that are there to those of the code. */
export function diffSchedules(
  code: ReadonlyMap<string, CheckedSchedule>,
  existing: readonly StoredSchedule[],
): DefinitionChange[] {
  return diffDefinitions(code, existing, ScheduleSchema);
}
