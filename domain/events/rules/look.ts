import type { CloudEvent } from '../../../contracts/events.ts';
import type { Json, JsonObject } from '../../../contracts/json.ts';
import type { RuleAction, RuleActionRecord, RuleDefinition } from '../../../contracts/rules.ts';
import type { GroupChange, NewEvaluation, RuleGroupState } from '../../ports/rules.ts';
import { matchEvent, passDeadline, type Step } from './engine.ts';
import { evaluate, fillTemplate, reasonOf } from './expressions.ts';
import type { Match } from './match.ts';
import { missingOf, newState, refOf, refsOf } from './state.ts';

const dayMs = 86_400_000;

interface At {
  readonly key: string;
  readonly now: Date;
  /** Rules that have fired one after another up to now. */
  readonly depth: number;
}

/** What an event does to a group, with every deadline before it: how late a sweep comes must not matter. */
export function lookAtEvent(
  rule: RuleDefinition,
  state: RuleGroupState | null,
  given: CloudEvent,
  match: Match,
  at: At,
): GroupChange {
  // A clock that goes ahead elsewhere must not make later events look old.
  const latest = at.now.toISOString();
  const event = given.time > latest ? { ...given, time: latest } : given;
  const passed = lookAtDeadlines(rule, state ?? firstState(rule, event, at), event.time, { ...at, depth: 0 });
  const step = matchEvent(rule, passed.state, event, match.groups.get(at.key) ?? []);
  const conditions = match.conditions;
  const evaluation = { ...evaluationOf(rule, step, event, null, at), conditions };
  return { state: step.state, evaluations: [...passed.evaluations, evaluation] };
}

/** Passes every deadline of a group before a time (ISO). */
export function lookAtDeadlines(rule: RuleDefinition, given: RuleGroupState, before: string, at: At): GroupChange {
  const evaluations: NewEvaluation[] = [];
  let state = given;
  while (state.deadlineAt !== null && state.deadlineAt < before) {
    const { deadlineAt } = state;
    const step = passDeadline(rule, state);
    evaluations.push(evaluationOf(rule, step, null, deadlineAt, at));
    state = step.state;
  }
  return { state, evaluations };
}

/** Why a key has no group: the rule lists those it expects. Null: it may have one. */
export function unexpectedKey({ mode, deadline }: RuleDefinition, key: string): string | null {
  const keys = mode === 'absence' && deadline && 'at' in deadline ? deadline.keys : undefined;
  return keys && !keys.includes(key) ? `"${key}" is none of the keys that are expected` : null;
}

/** An evaluation of an event that matches nothing. */
export function noteOf(
  rule: RuleDefinition,
  event: CloudEvent,
  { conditions }: Pick<Match, 'conditions'>,
  { key, now, depth }: At,
  outcome: 'ignored' | 'error',
  why: string,
): NewEvaluation {
  return {
    key,
    event: refOf(event),
    deadlineAt: null,
    at: now.toISOString(),
    outcome,
    why,
    conditions,
    events: refsOf(rule, {}),
    actions: [],
    depth,
  };
}

/** A group that an absence rule did not know is expected from its first event on, and not from days before. */
function firstState(rule: RuleDefinition, event: CloudEvent, { now }: At): RuleGroupState {
  // A moment earlier, so that the event itself counts as one after it.
  return newState(rule, new Date(Math.max(Date.parse(event.time) - 1, now.getTime() - dayMs)));
}

function evaluationOf(
  rule: RuleDefinition,
  { outcome, why, events, state }: Step,
  event: CloudEvent | null,
  deadlineAt: string | null,
  { key, now, depth }: At,
): NewEvaluation {
  const does =
    outcome === 'fired' ? rule.actions.onMatch : outcome === 'deadline' ? rule.actions.onDeadline : undefined;
  const missing = outcome === 'fired' ? [] : missingOf(rule, { ...state, held: events });
  const scope = { events, event, key, missing, deadline: deadlineAt, rule: rule.id };
  return {
    key,
    event: event && refOf(event),
    deadlineAt,
    at: now.toISOString(),
    outcome,
    why,
    conditions: [],
    events: refsOf(rule, events),
    actions: (does ?? []).map((action) => actionOf(action, scope)),
    depth: depth + 1,
  };
}

function actionOf(action: RuleAction, scope: Readonly<Record<string, unknown>>): RuleActionRecord {
  if ('alert' in action) {
    const { severity, message } = action.alert;
    try {
      return { kind: 'alert', severity, message: fillTemplate(message, scope), status: 'done' };
    } catch (error) {
      // Someone must hear of it all the same.
      const text = `${message} (${reasonOf(error)})`;
      return { kind: 'alert', severity, message: text, status: 'done' };
    }
  }
  const { pipeline = '', params: given = {}, priority } = action.start;
  const common = { kind: 'start', pipeline, ...(priority === undefined ? {} : { priority }) } as const;
  const params: JsonObject = {};
  for (const [name, text] of Object.entries(given)) {
    let value: Json;
    try {
      value = evaluate('firing', text, scope);
    } catch (error) {
      const message = `The parameter ${name}, \`${text}\`, cannot be evaluated: ${reasonOf(error)}.`;
      const remedy = 'Correct the expression in the rule; `has(…)` asks whether a value is there.';
      return { ...common, params, status: 'failed', error: { code: 'EXPRESSION_INVALID', message, remedy } };
    }
    params[name] = value;
  }
  return { ...common, params, status: 'pending' };
}
