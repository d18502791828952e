import type { DefinitionChange } from '../../../contracts/definitions.ts';
import { type RuleRecord, RuleSchema } from '../../../contracts/rules.ts';
import type { AnyPipeline } from '../../dag/definition.ts';
import { applyDefinitions, collectDefinitions, diffDefinitions } from '../../definitions/index.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RuleRepository } from '../../ports/rules.ts';
import type { Locker } from '../../ports/schedules.ts';
import { type CheckedRule, checkRule } from './check.ts';
import { expectedGroups } from './state.ts';

interface CodeRule extends CheckedRule {
  readonly pipeline: string;
}

/** The rules that stand in pipeline definitions, by id; see {@link collectDefinitions} and {@link checkRule}. */
export function codeRules(pipelines: ReadonlyMap<string, AnyPipeline>): Map<string, CodeRule> {
  return collectDefinitions(
    'rule',
    pipelines,
    ({ rules }) => rules,
    (given, pipeline) => ({ ...checkRule(given, pipelines, pipeline), pipeline }),
  );
}

/** What takes the rules that are there to those of the code. */
export function diffRules(code: ReadonlyMap<string, CodeRule>, existing: readonly RuleRecord[]): DefinitionChange[] {
  // A rule that moves to another pipeline is another one, since it starts that one by default.
  const placed = <R extends { hash: string; pipeline: string | null }>(rule: R): R => ({
    ...rule,
    hash: `${rule.hash} ${rule.pipeline}`,
  });
  return diffDefinitions(new Map([...code].map(([id, rule]) => [id, placed(rule)])), existing.map(placed), RuleSchema);
}

/**
 * Makes the rules those of the code, one process at a time; those made by API stay, and a rule that was disabled stays
 * so. Doing it again changes nothing.
 *
 * @returns what it changed.
 */
export async function applyRules(deps: {
  readonly pipelines: ReadonlyMap<string, AnyPipeline>;
  readonly rules: RuleRepository;
  readonly lock: Locker;
  readonly clock: Clock;
}): Promise<DefinitionChange[]> {
  return applyDefinitions({
    kind: 'rules',
    code: codeRules(deps.pipelines),
    repository: deps.rules,
    diff: diffRules,
    toNew: (rule, now) => ({ ...rule, groups: expectedGroups(rule.definition, now) }),
    lock: deps.lock,
    clock: deps.clock,
  });
}
