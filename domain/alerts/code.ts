import { type AlertDefinition, type AlertDefinitionRecord, AlertDefinitionSchema } from '../../contracts/alerts.ts';
import type { DefinitionChange } from '../../contracts/definitions.ts';
import type { AnyPipeline } from '../dag/definition.ts';
import { applyDefinitions, collectDefinitions, diffDefinitions } from '../definitions/index.ts';
import type { AlertDefinitionRepository } from '../ports/alerts.ts';
import type { Clock } from '../ports/clock.ts';
import type { Locker } from '../ports/schedules.ts';
import { type CheckedAlert, checkAlert } from './check.ts';
import { builtInAlerts } from './defaults.ts';

/**
 * The built-in definitions and those of pipelines, by id; one of a pipeline with the id of a built-in takes its place.
 * See {@link collectDefinitions} and {@link checkAlert}.
 */
export function codeAlerts(pipelines: ReadonlyMap<string, AnyPipeline>): Map<string, CheckedAlert> {
  const found = collectDefinitions(
    'alert',
    pipelines,
    ({ alerts }) => alerts,
    (given, pipeline) => checkAlert(ofPipeline(given, pipeline)),
  );
  for (const given of builtInAlerts) if (!found.has(given.id)) found.set(given.id, checkAlert(given));
  return found;
}

/** An alert in the code of a pipeline looks at that pipeline, unless it says otherwise. */
function ofPipeline(given: AlertDefinition, pipeline: string): AlertDefinition {
  return given.pipelines || ['worker-dead', 'queue-age'].includes(given.when.kind)
    ? given
    : { ...given, pipelines: [pipeline] };
}

/** What takes the definitions that are there to those of the code. */
export function diffAlerts(
  code: ReadonlyMap<string, CheckedAlert>,
  existing: readonly AlertDefinitionRecord[],
): DefinitionChange[] {
  return diffDefinitions(code, existing, AlertDefinitionSchema);
}

/**
 * Makes the alert definitions those of the code, one process at a time; those made by API stay, and one that was disabled
 * stays so. Doing it again changes nothing.
 *
 * @returns what it changed.
 */
export async function applyAlerts(deps: {
  readonly pipelines: ReadonlyMap<string, AnyPipeline>;
  readonly alertDefinitions: AlertDefinitionRepository;
  readonly lock: Locker;
  readonly clock: Clock;
}): Promise<DefinitionChange[]> {
  return applyDefinitions({
    kind: 'alerts',
    code: codeAlerts(deps.pipelines),
    repository: deps.alertDefinitions,
    diff: diffAlerts,
    toNew: (checked) => ({ ...checked, origin: 'code' as const }),
    lock: deps.lock,
    clock: deps.clock,
  });
}
