import type { CloudEvent } from '../../../contracts/events.ts';
import type { RuleDefinition } from '../../../contracts/rules.ts';
import type { NewEvaluation, RuleGroupState } from '../../ports/rules.ts';
import { lookAtDeadlines, lookAtEvent, noteOf, unexpectedKey } from './look.ts';
import { matchPatterns } from './match.ts';
import { expectedGroups } from './state.ts';

/**
 * What a rule would have done with events, in the order given, deadlines among them: the engine of the real thing over
 * groups in memory. Nothing is stored or started.
 *
 * @param span the rule begins without anything gathered at `from`; deadlines count until `to`.
 */
export function simulateRule(
  rule: RuleDefinition,
  events: Iterable<CloudEvent>,
  span: { readonly from: Date; readonly to: Date },
): NewEvaluation[] {
  const groups = new Map<string, RuleGroupState>();
  for (const { key, state } of expectedGroups(rule, span.from)) groups.set(key, state);
  const seen = new Set<string>();
  const found: NewEvaluation[] = [];
  let clock = span.from;

  const passUntil = (time: string): void => {
    const due = [...groups].filter(([, { deadlineAt }]) => deadlineAt !== null && deadlineAt < time);
    const passed = due.flatMap(([key, state]) => {
      const change = lookAtDeadlines(rule, state, time, { key, now: clock, depth: 0 });
      groups.set(key, change.state);
      return change.evaluations.map((evaluation) => ({ ...evaluation, at: evaluation.deadlineAt ?? evaluation.at }));
    });
    found.push(...passed.sort((a, b) => (a.at < b.at ? -1 : 1)));
  };
  for (const event of events) {
    const name = JSON.stringify([event.source, event.id]);
    if (seen.has(name)) continue;
    seen.add(name);
    const match = matchPatterns(rule, event);
    if (!match) continue;
    // Events come when they happen; one that came late does not turn the clock back.
    const at = new Date(event.time);
    if (at > clock) clock = at;
    passUntil(clock.toISOString());
    const now = { now: clock, depth: 0 };
    if (match.why !== null) {
      found.push(noteOf(rule, event, match, { ...now, key: '' }, match.failed ? 'error' : 'ignored', match.why));
      continue;
    }
    for (const key of match.groups.keys()) {
      const unexpected = unexpectedKey(rule, key);
      if (unexpected) {
        found.push(noteOf(rule, event, match, { ...now, key }, 'ignored', unexpected));
        continue;
      }
      const change = lookAtEvent(rule, groups.get(key) ?? null, event, match, { ...now, key });
      groups.set(key, change.state);
      found.push(...change.evaluations);
    }
  }
  clock = span.to;
  passUntil(new Date(span.to.getTime() + 1).toISOString());
  return found;
}
