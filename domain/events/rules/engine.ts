import type { CloudEvent } from '../../../contracts/events.ts';
import type { RuleDefinition, RuleOutcome } from '../../../contracts/rules.ts';
import type { RuleGroupState } from '../../ports/rules.ts';
import { heldFrom, isAfter, later, missingOf, ms, newest, withDeadline } from './state.ts';
import { hasText, minute, spanText, waitText } from './text.ts';

/** What an event or a deadline does to a group. */
export interface Step {
  readonly state: RuleGroupState;
  readonly outcome: RuleOutcome;
  readonly why: string;
  /** The events that led to it, by pattern: what actions can name, and what people are shown. */
  readonly events: RuleGroupState['held'];
}

/**
 * Adds an event that matches patterns to its group. Time is the events' own: when each pattern has one event, the same
 * fires whatever the order they come in; of several of one pattern the newest counts; what is not after the last
 * firing's newest event came too late. An event that is there already changes nothing.
 */
export function matchEvent(
  rule: RuleDefinition,
  state: RuleGroupState,
  event: CloudEvent,
  patterns: readonly string[],
): Step {
  if (rule.mode === 'absence') return expectedEvent(rule, state, event, patterns);
  if (rule.mode === 'any') return fire(rule, state, Object.fromEntries(patterns.map((name) => [name, event])));
  const { usedUntil, held: before } = state;
  if (usedUntil && !isAfter(event, usedUntil)) {
    const why = `it is not newer than what fired last (${minute(usedUntil.time)})`;
    return { state, outcome: 'ignored', why, events: before };
  }
  // Who waits has waited since the first event, also where a newer one has taken its place.
  const since = state.since === null || event.time < state.since ? event.time : state.since;
  const news = patterns.filter((name) => !before[name] || isAfter(event, before[name]));
  if (news.length === 0) {
    const next = state.since === null ? state : withDeadline(rule, { ...state, since });
    return { state: next, outcome: 'ignored', why: `a newer event is there: ${hasText(before)}`, events: before };
  }
  const all = { ...before, ...Object.fromEntries(news.map((name) => [name, event])) };
  const last = newest(Object.values(all)) ?? event;
  const held = rule.within === undefined ? all : heldFrom({ ...state, held: all }, later(last.time, -ms(rule.within)));
  const next = withDeadline(rule, { ...state, held, since });
  if (!news.some((name) => held[name])) {
    const why = `it is more than ${rule.within} older than ${hasText(held)}`;
    return { state: next, outcome: 'ignored', why, events: held };
  }
  const missing = missingOf(rule, next);
  if (missing.length === 0) return fire(rule, next, held);
  const fallen = Object.keys(all).filter((name) => !held[name]);
  const why = `has ${hasText(held)}; ${waitText(missing, next.deadlineAt)}`;
  const lost = fallen.length > 0 ? `; ${fallen.join(' and ')} came more than ${rule.within} before` : '';
  return { state: next, outcome: 'waiting', why: why + lost, events: held };
}

/** Uses up what the group has, unless it fired a short time ago. */
function fire(rule: RuleDefinition, state: RuleGroupState, events: RuleGroupState['held']): Step {
  const last = newest(Object.values(events));
  const at = last?.time ?? '';
  const used: RuleGroupState = { ...state, held: {}, since: null, deadlineAt: null, usedUntil: last };
  const { lastFiredAt } = state;
  const until = rule.cooldown !== undefined && lastFiredAt !== null ? later(lastFiredAt, ms(rule.cooldown)) : null;
  if (until !== null && at < until) {
    const why = `${hasText(events)}, but it fired ${minute(lastFiredAt ?? '')} and rests until ${minute(until)}`;
    return { state: used, outcome: 'ignored', why, events };
  }
  return { state: { ...used, lastFiredAt: at }, outcome: 'fired', why: hasText(events), events };
}

/** Absence: an event that is expected has come. */
function expectedEvent(
  rule: RuleDefinition,
  state: RuleGroupState,
  event: CloudEvent,
  patterns: readonly string[],
): Step {
  const { deadline } = rule;
  const { held: before, deadlineAt } = state;
  if (!deadline) return { state, outcome: 'ignored', why: 'the rule has no deadline', events: before };
  const isDaily = 'at' in deadline;
  if (isDaily && state.since !== null && event.time <= state.since) {
    const why = `it came to be known only after ${minute(state.since)}, until when it would have counted`;
    return { state, outcome: 'ignored', why, events: before };
  }
  if (isDaily && deadlineAt !== null && rule.within !== undefined && event.time < later(deadlineAt, -ms(rule.within))) {
    const why = `it came ${spanText(event.time, deadlineAt)} before the deadline of ${minute(deadlineAt)}; ${rule.within} count`;
    return { state, outcome: 'ignored', why, events: before };
  }
  const news = patterns.filter((name) => !before[name] || isAfter(event, before[name]));
  if (news.length === 0)
    return { state, outcome: 'ignored', why: `a newer event is there: ${hasText(before)}`, events: before };
  const held = { ...before, ...Object.fromEntries(news.map((name) => [name, event])) };
  const told = isDaily ? state.told : state.told.filter((name) => !news.includes(name));
  const next = withDeadline(rule, { ...state, held, told });
  const missing = missingOf(rule, next);
  if (missing.length > 0) {
    const why = `has ${hasText(held)}; ${waitText(missing, next.deadlineAt)}`;
    return { state: next, outcome: 'waiting', why, events: held };
  }
  if (isDaily && state.told.length === 0 && (rule.actions.onMatch?.length ?? 0) > 0) {
    const fired = { ...next, told: rule.patterns.map(({ name }) => name), lastFiredAt: event.time };
    return { state: fired, outcome: 'fired', why: hasText(held), events: held };
  }
  const until =
    next.deadlineAt === null
      ? ''
      : isDaily
        ? `, before ${minute(next.deadlineAt)}`
        : `; next by ${minute(next.deadlineAt)}`;
  return { state: next, outcome: 'matched', why: `${hasText(held)}${until}`, events: held };
}

/** Looks at what a group lacks at its deadline; the deadline must have passed. */
export function passDeadline(rule: RuleDefinition, state: RuleGroupState): Step {
  const at = state.deadlineAt ?? '';
  const missing = missingOf(rule, state);
  if (rule.mode !== 'absence') {
    // What is there still counts for a match: only the deadline has done its work.
    const why = `${missing.join(' and ')} did not come until ${minute(at)}; has ${hasText(state.held)}`;
    return { state: { ...state, since: null, deadlineAt: null }, outcome: 'deadline', why, events: state.held };
  }
  if (rule.deadline && 'after' in rule.deadline) {
    const from = later(at, -ms(rule.deadline.after));
    const silent = rule.patterns
      .map(({ name }) => name)
      .filter((name) => !state.told.includes(name) && (state.held[name]?.time ?? state.since ?? '') <= from);
    const next = withDeadline(rule, { ...state, told: [...state.told, ...silent] });
    const why = `${silent.join(' and ')} did not come for ${rule.deadline.after}, until ${minute(at)}`;
    return { state: next, outcome: 'deadline', why, events: state.held };
  }
  const after = withDeadline(rule, { ...state, since: at, told: [] });
  const next = { ...after, held: heldFrom(state, later(after.deadlineAt ?? at, -ms(rule.within ?? ''))) };
  if (missing.length === 0)
    return { state: next, outcome: 'matched', why: `${hasText(state.held)}, before ${minute(at)}`, events: state.held };
  const has = Object.keys(state.held).length > 0 ? `; has ${hasText(state.held)}` : '';
  return {
    state: next,
    outcome: 'deadline',
    why: `${missing.join(' and ')} did not come until ${minute(at)}${has}`,
    events: state.held,
  };
}
