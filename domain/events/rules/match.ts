import { type CloudEvent, eventTypes } from '../../../contracts/events.ts';
import type { Json } from '../../../contracts/json.ts';
import type { RuleCondition, RuleDefinition, RulePattern } from '../../../contracts/rules.ts';
import { evaluate, readsOf, reasonOf, shortened } from './expressions.ts';

/** What an event is to a rule. */
export interface Match {
  /** Patterns that the event matches, by the key of the group it belongs to. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly conditions: readonly RuleCondition[];
  /** Why it matches nothing, in words; null when it matches. */
  readonly why: string | null;
  /** Whether an expression could not be evaluated. */
  readonly failed: boolean;
}

/** Longest key of a group. */
const mostKey = 200;
const own: readonly string[] = [eventTypes.ruleFired, eventTypes.alertRaised];

/** Looks at every condition of the patterns that have the event's type; null when none has. */
export function matchPatterns(rule: RuleDefinition, event: CloudEvent): Match | null {
  const patterns = rule.patterns.filter(({ type }) => fits(type, event.type));
  if (patterns.length === 0) return null;
  if (own.includes(event.type) && event.source === `/rules/${rule.id}`)
    return { groups: new Map(), conditions: [], why: 'the rule raised it itself', failed: false };
  const groups = new Map<string, string[]>();
  const conditions: RuleCondition[] = [];
  const failures: string[] = [];
  for (const pattern of patterns) {
    const found = conditionsOf(pattern, event);
    conditions.push(...found);
    const failure = found.find(({ holds }) => !holds);
    if (failure) {
      failures.push(`${pattern.name}: ${failureText(failure)}`);
      continue;
    }
    const by = pattern.by ?? rule.by;
    if (by === undefined) {
      add(groups, '', pattern.name);
      continue;
    }
    const key = keyOf(pattern.name, by, event);
    conditions.push(key);
    if (key.holds) add(groups, String(key.value), pattern.name);
    else failures.push(`${pattern.name}: ${failureText(key)}`);
  }
  const failed = conditions.some(({ error }) => error !== undefined);
  return { groups, conditions, why: groups.size > 0 ? null : failures.join('; '), failed };
}

/** Conditions in order, up to the first that does not hold. */
function conditionsOf({ name, source, subject, where }: RulePattern, event: CloudEvent): RuleCondition[] {
  const conditions: RuleCondition[] = [];
  const texts = [
    ['source', source, event.source],
    ['subject', subject, event.subject ?? ''],
  ] as const;
  for (const [condition, expression, value] of texts) {
    if (expression === undefined) continue;
    const holds = fits(expression, value);
    conditions.push({ pattern: name, condition, expression, value, holds });
    if (!holds) return conditions;
  }
  if (where === undefined) return conditions;
  const common = { pattern: name, condition: 'where', expression: where } as const;
  try {
    const value = evaluate('event', where, { event });
    const fault =
      typeof value === 'boolean' ? {} : { error: `it gave ${JSON.stringify(shortened(value))}, not true or false` };
    conditions.push({
      ...common,
      value: shortened(value),
      holds: value === true,
      reads: readsOf(where, event),
      ...fault,
    });
  } catch (error) {
    conditions.push({ ...common, value: null, holds: false, reads: readsOf(where, event), error: reasonOf(error) });
  }
  return conditions;
}

function keyOf(pattern: string, expression: string, event: CloudEvent): RuleCondition {
  const common = { pattern, condition: 'by', expression } as const;
  try {
    const value = evaluate('event', expression, { event });
    const isKey = ['string', 'number', 'boolean'].includes(typeof value) && String(value).length <= mostKey;
    if (isKey) return { ...common, value, holds: true };
    const error = `it gave ${JSON.stringify(shortened(value))}, not text of at most ${mostKey} characters`;
    return { ...common, value: shortened(value), holds: false, error };
  } catch (error) {
    return { ...common, value: null, holds: false, error: reasonOf(error) };
  }
}

function failureText({ condition, expression, value, reads, error }: RuleCondition): string {
  if (error !== undefined) return `\`${expression}\` cannot be evaluated: ${error}`;
  if (condition !== 'where') return `${condition} is "${String(value as Json)}", not "${expression}"`;
  const read = Object.entries(reads ?? {}).map(([path, found]) => `${path} = ${JSON.stringify(found)}`);
  return `\`${expression}\` is false${read.length > 0 ? ` (${read.join(', ')})` : ''}`;
}

function add(groups: Map<string, string[]>, key: string, pattern: string): void {
  groups.set(key, [...(groups.get(key) ?? []), pattern]);
}

/**
 * Whether a text is what a pattern says, in which `*` stands for any text. Each part is sought once, from where the one
 * before ended: a regular expression would try ways without end on a text made for it.
 */
export function fits(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return pattern === text;
  const end = text.length - last.length;
  if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
