import { createHash } from 'node:crypto';
import { type FieldFault, PerennialError } from '../../../contracts/errors.ts';
import { type RuleAction, type RuleDefinition, RuleSchema } from '../../../contracts/rules.ts';
import type { AnyPipeline } from '../../dag/definition.ts';
import { schemaFaults } from '../../dag/params.ts';
import { zoneName } from '../../schedules/zone.ts';
import { actionFaults } from './check-actions.ts';
import { expressionFault } from './expressions.ts';
import { ms } from './state.ts';

/** A definition that holds, with all defaults filled in. */
export interface CheckedRule {
  readonly definition: RuleDefinition;
  /** sha256 of the definition. */
  readonly hash: string;
}

/** Ids that are paths of the API. */
const reserved = ['diff', 'test'];
const mostMs = 366 * 86_400_000;

/**
 * Checks a rule; VALIDATION_FAILED with every fault and its field.
 *
 * @param own the pipeline whose code the rule stands in: what `start` starts by default.
 */
export function checkRule(
  given: RuleDefinition,
  pipelines: ReadonlyMap<string, AnyPipeline>,
  own?: string,
): CheckedRule {
  const { faults, definition } = examineRule(given, pipelines, own);
  if (definition) {
    const hash = createHash('sha256').update(JSON.stringify(definition)).digest('hex');
    return { definition, hash };
  }
  const list = faults.map(
    (f) => `${f.field} ${f.value === undefined ? '' : `${JSON.stringify(f.value).slice(0, 200)} `}${f.message}`,
  );
  throw new PerennialError('VALIDATION_FAILED', `Rule "${given.id}": ${list.join('; ')}.`, {
    fields: faults,
    remedy: 'Correct the fields named; nothing was changed.',
  });
}

/** The faults of a rule, each with its field; or the rule with its defaults when there are none. */
export function examineRule(
  given: RuleDefinition,
  pipelines: ReadonlyMap<string, AnyPipeline>,
  own?: string,
): { faults: FieldFault[]; definition?: RuleDefinition } {
  const faults = schemaFaults(RuleSchema, given);
  if (faults.length > 0) return { faults };
  const definition = withDefaults(given, own);
  if (reserved.includes(given.id)) faults.push({ field: 'id', value: given.id, message: 'is taken by the API itself' });
  faults.push(...patternFaults(definition), ...timeFaults(definition));
  const known = new Set(definition.patterns.map(({ name }) => name));
  const { onMatch = [], onDeadline = [] } = definition.actions;
  for (const [list, actions] of [
    ['onMatch', onMatch],
    ['onDeadline', onDeadline],
  ] as const) {
    actions.forEach((action: RuleAction, i: number) => {
      faults.push(...actionFaults(action, `actions.${list}.${i}`, known, pipelines));
    });
  }
  return faults.length > 0 ? { faults } : { faults, definition };
}

function withDefaults(given: RuleDefinition, own: string | undefined): RuleDefinition {
  const { deadline, mode } = given;
  const isClock = deadline !== undefined && 'at' in deadline;
  const after = deadline && 'after' in deadline && mode === 'all' ? deadline.after : undefined;
  const within = given.within ?? (isClock ? (mode === 'absence' ? '12h' : '24h') : after);
  const zone = isClock ? (zoneName(deadline.zone ?? 'UTC') ?? deadline.zone) : undefined;
  const owned = (action: RuleAction): RuleAction =>
    'start' in action && own !== undefined ? { start: { pipeline: own, ...action.start } } : action;
  return {
    ...given,
    ...(within === undefined ? {} : { within }),
    ...(isClock && zone !== undefined ? { deadline: { ...deadline, zone } } : {}),
    actions: {
      onMatch: (given.actions.onMatch ?? []).map(owned),
      onDeadline: (given.actions.onDeadline ?? []).map(owned),
    },
  };
}

function patternFaults({ patterns, by }: RuleDefinition): FieldFault[] {
  const faults = by === undefined ? [] : expressionFault('event', 'by', by);
  patterns.forEach((pattern, i) => {
    const at = `patterns.${i}`;
    if (patterns.findIndex(({ name }) => name === pattern.name) < i)
      faults.push({ field: `${at}.name`, value: pattern.name, message: 'is the name of an earlier pattern too' });
    for (const field of ['where', 'by'] as const) {
      const text = pattern[field];
      if (text !== undefined) faults.push(...expressionFault('event', `${at}.${field}`, text));
    }
  });
  return faults;
}

function timeFaults({ mode, within, deadline, cooldown, by, patterns, actions }: RuleDefinition): FieldFault[] {
  const faults: FieldFault[] = [];
  const fault = (field: string, value: unknown, message: string): void => {
    faults.push({ field, ...(value === undefined ? {} : { value }), message });
  };
  const after = deadline && 'after' in deadline ? deadline.after : undefined;
  for (const [field, value] of [
    ['within', within],
    ['cooldown', cooldown],
    ['deadline.after', after],
  ] as const) {
    if (value !== undefined && !(ms(value) > 0 && ms(value) <= mostMs))
      fault(field, value, 'is not a duration above 0 and of at most 366 days');
  }
  const { onMatch = [], onDeadline = [] } = actions;
  if (onMatch.length + onDeadline.length === 0) fault('actions', undefined, 'must hold at least one action');
  if (deadline && onDeadline.length === 0)
    fault('actions.onDeadline', undefined, 'must say what happens at the deadline');
  if (!deadline && onDeadline.length > 0) fault('actions.onDeadline', undefined, 'needs a deadline');
  if (mode !== 'absence' && onMatch.length === 0)
    fault('actions.onMatch', undefined, 'must say what happens on a match');
  if (mode === 'any' && (deadline || within !== undefined))
    fault(
      deadline ? 'deadline' : 'within',
      undefined,
      'means nothing where any single event fires; use the mode all or absence',
    );
  if (mode === 'absence') {
    if (!deadline) fault('deadline', undefined, 'is required in an absence rule');
    if (cooldown !== undefined) fault('cooldown', cooldown, 'means nothing in an absence rule');
    if (after !== undefined && onMatch.length > 0) fault('actions.onMatch', undefined, 'needs a deadline with `at`');
    if (after !== undefined && within !== undefined) fault('within', within, 'means nothing beside deadline.after');
  }
  if (deadline && 'at' in deadline) {
    if (!zoneName(deadline.zone ?? 'UTC'))
      fault('deadline.zone', deadline.zone, 'is not an IANA time zone such as Europe/Berlin');
    const hasKey = by !== undefined || patterns.some((pattern) => pattern.by !== undefined);
    if (deadline.keys && mode !== 'absence') fault('deadline.keys', undefined, 'are for absence rules');
    else if (deadline.keys && !hasKey)
      fault('by', undefined, 'must say which key an event has, since deadline.keys lists some');
  }
  return faults;
}
