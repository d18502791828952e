import type { DefinitionChange } from '../../../contracts/definitions.ts';
import { type PolicyRecord, PolicySchema } from '../../../contracts/policies.ts';
import type { AnyPipeline } from '../../dag/definition.ts';
import { applyDefinitions, collectDefinitions, diffDefinitions } from '../../definitions/index.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PolicyRepository } from '../../ports/retraining.ts';
import type { Locker } from '../../ports/schedules.ts';
import { type CheckedPolicy, checkPolicy } from './check-policy.ts';

/** The policies that stand in pipeline definitions, by id; see {@link collectDefinitions} and {@link checkPolicy}. */
export function codePolicies(pipelines: ReadonlyMap<string, AnyPipeline>): Map<string, CheckedPolicy> {
  return collectDefinitions(
    'policy',
    pipelines,
    ({ policies }) => policies,
    (given, pipeline) => checkPolicy({ ...given, pipeline }, pipelines),
  );
}

/** What takes the policies that are there to those of the code. */
export function diffPolicies(
  code: ReadonlyMap<string, CheckedPolicy>,
  existing: readonly PolicyRecord[],
): DefinitionChange[] {
  return diffDefinitions(code, existing, PolicySchema);
}

/**
 * Makes the policies those of the code, one process at a time; those made by API stay. A change is a new version. Doing it
 * again changes nothing.
 *
 * @returns what it changed.
 */
export async function applyPolicies(deps: {
  readonly pipelines: ReadonlyMap<string, AnyPipeline>;
  readonly policies: PolicyRepository;
  readonly lock: Locker;
  readonly clock: Clock;
}): Promise<DefinitionChange[]> {
  return applyDefinitions({
    kind: 'policies',
    code: codePolicies(deps.pipelines),
    repository: deps.policies,
    diff: diffPolicies,
    toNew: (checked) => ({ ...checked, origin: 'code', by: 'code' }) as const,
    lock: deps.lock,
    clock: deps.clock,
  });
}
