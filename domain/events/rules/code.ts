import { isDeepStrictEqual } from 'node:util';
import { PerennialError } from '../../../contracts/errors.ts';
import { type RuleChange, type RuleDefinition, type RuleRecord, RuleSchema } from '../../../contracts/rules.ts';
import type { AnyPipeline } from '../../dag/definition.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RuleRepository } from '../../ports/rules.ts';
import type { Locker } from '../../ports/schedules.ts';
import { type CheckedRule, checkRule } from './check.ts';
import { expectedGroups } from './state.ts';

interface CodeRule extends CheckedRule {
  readonly pipeline: string;
}

/**
 * The rules that stand in pipeline definitions, by id.
 *
 * @throws DEFINITION_INVALID when two have the same id; VALIDATION_FAILED as {@link checkRule}.
 */
export function codeRules(pipelines: ReadonlyMap<string, AnyPipeline>): Map<string, CodeRule> {
  const found = new Map<string, CodeRule>();
  for (const pipeline of pipelines.values()) {
    for (const given of pipeline.rules ?? []) {
      const earlier = found.get(given.id);
      if (earlier) {
        throw new PerennialError(
          'DEFINITION_INVALID',
          `The rule id "${given.id}" stands in "${earlier.pipeline}" and in "${pipeline.id}".`,
          { remedy: 'Give one of them another id.' },
        );
      }
      found.set(given.id, { ...checkRule(given, pipelines, pipeline.id), pipeline: pipeline.id });
    }
  }
  return found;
}

/** What takes the rules that are there to those of the code. Those made by API are nobody's business here. */
export function diffRules(code: ReadonlyMap<string, CodeRule>, existing: readonly RuleRecord[]): RuleChange[] {
  const there = new Map(existing.map((rule) => [rule.id, rule]));
  const changes: RuleChange[] = [];
  for (const [id, { definition, hash, pipeline }] of code) {
    const old = there.get(id);
    if (!old) changes.push({ id, kind: 'add', fields: fieldsOf(undefined, definition) });
    else if (old.origin === 'api') changes.push({ id, kind: 'conflict', fields: [] });
    else if (old.hash !== hash || old.pipeline !== pipeline)
      changes.push({ id, kind: 'change', fields: fieldsOf(old.definition, definition) });
  }
  for (const { id, origin, definition } of existing)
    if (origin === 'code' && !code.has(id))
      changes.push({ id, kind: 'remove', fields: fieldsOf(definition, undefined) });
  return changes.sort((a, b) => (a.id < b.id ? -1 : 1));
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
}): Promise<RuleChange[]> {
  const { pipelines, rules, lock, clock } = deps;
  const code = codeRules(pipelines);
  return lock('rules', async () => {
    const changes = diffRules(code, await rules.list());
    for (const { id, kind } of changes) {
      if (kind === 'remove') await rules.remove(id);
      const rule = code.get(id);
      if (kind === 'conflict' || !rule) continue;
      const now = clock.now();
      const next = { ...rule, groups: expectedGroups(rule.definition, now) };
      if (kind === 'add') await rules.create(next, now);
      else await rules.replace(next, now);
    }
    return changes;
  });
}

function fieldsOf(from: RuleDefinition | undefined, to: RuleDefinition | undefined): RuleChange['fields'] {
  const keys = Object.keys(RuleSchema.properties) as (keyof RuleDefinition)[];
  return keys
    .filter((key) => key !== 'id' && !isDeepStrictEqual(from?.[key], to?.[key]))
    .map((field) => ({ field, from: from?.[field] ?? null, to: to?.[field] ?? null }));
}
