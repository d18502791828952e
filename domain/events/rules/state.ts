import type { CloudEvent } from '../../../contracts/events.ts';
import type { EventRef, RuleDefinition } from '../../../contracts/rules.ts';
import type { Duration } from '../../dag/definition.ts';
import { toMs } from '../../dag/duration.ts';
import type { RuleGroupState } from '../../ports/rules.ts';
import { nextDeadline } from './deadlines.ts';

/** A group at first sight. In an absence rule a deadline runs from `now` on, in the others from an event on. */
export function newState(rule: RuleDefinition, now: Date): RuleGroupState {
  const empty: RuleGroupState = {
    held: {},
    usedUntil: null,
    since: null,
    deadlineAt: null,
    lastFiredAt: null,
    told: [],
  };
  return rule.mode === 'absence' ? withDeadline(rule, { ...empty, since: now.toISOString() }) : empty;
}

/**
 * The state with its deadline worked out. An absence rule with `after` has one per pattern, from its last event or the
 * start of the group on; the earliest counts, and none for patterns it was told of already.
 */
export function withDeadline(rule: RuleDefinition, state: RuleGroupState): RuleGroupState {
  const { deadline, mode, patterns } = rule;
  const { since } = state;
  if (!deadline || since === null) return { ...state, deadlineAt: null };
  if ('at' in deadline) return { ...state, deadlineAt: nextDeadline(deadline, since) };
  if (mode !== 'absence') return { ...state, deadlineAt: later(since, ms(deadline.after)) };
  const times = patterns
    .filter(({ name }) => !state.told.includes(name))
    .map(({ name }) => later(state.held[name]?.time ?? since, ms(deadline.after)));
  return { ...state, deadlineAt: times.sort()[0] ?? null };
}

/** Patterns without an event. */
export function missingOf(rule: RuleDefinition, { held }: RuleGroupState): string[] {
  return rule.patterns.map(({ name }) => name).filter((name) => !held[name]);
}

/** Without events older than `from` (ISO). */
export function heldFrom({ held }: RuleGroupState, from: string): RuleGroupState['held'] {
  return Object.fromEntries(Object.entries(held).filter(([, event]) => event.time >= from));
}

/** A total order of events: by time, and by name where that is the same, so that it is one whatever comes first. */
export function isAfter(a: EventRef, b: EventRef): boolean {
  if (a.time !== b.time) return a.time > b.time;
  return a.source === b.source ? a.id > b.id : a.source > b.source;
}

export function newest(events: Iterable<CloudEvent>): CloudEvent | null {
  let found: CloudEvent | null = null;
  for (const event of events) if (!found || isAfter(event, found)) found = event;
  return found;
}

/** Milliseconds of a duration that was checked. */
export function ms(duration: string): number {
  return toMs(duration as Duration) ?? 0;
}

/** An ISO time, moved by milliseconds. */
export function later(time: string, by: number): string {
  return new Date(Date.parse(time) + by).toISOString();
}

export function refOf({ source, id, type, subject, time }: EventRef): EventRef {
  return { source, id, type, ...(subject === undefined ? {} : { subject }), time };
}

/** What the group has, by pattern. */
export function refsOf(rule: RuleDefinition, held: RuleGroupState['held']): Record<string, EventRef | null> {
  return Object.fromEntries(
    rule.patterns.map(({ name }) => {
      const event = held[name];
      return [name, event ? refOf(event) : null];
    }),
  );
}

/** The groups that an absence rule expects from the start on: its keys, or the only one there is. */
export function expectedGroups(rule: RuleDefinition, now: Date): { key: string; state: RuleGroupState }[] {
  const { mode, deadline, by, patterns } = rule;
  if (mode !== 'absence') return [];
  const listed = deadline && 'at' in deadline ? deadline.keys : undefined;
  const isDivided = by !== undefined || patterns.some((pattern) => pattern.by !== undefined);
  return (listed ?? (isDivided ? [] : [''])).map((key) => ({ key, state: newState(rule, now) }));
}
