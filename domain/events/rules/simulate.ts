import type { CloudEvent } from '../../../contracts/events.ts';
import type { RuleDefinition, RuleOutcome } from '../../../contracts/rules.ts';
import type { NewEvaluation, RuleGroupState } from '../../ports/rules.ts';
import { lookAtDeadlines, lookAtEvent, noteOf, unexpectedKey } from './look.ts';
import { matchPatterns } from './match.ts';
import { expectedGroups } from './state.ts';

/** Evaluations that are kept at least. */
export const mostEvaluations = 1_000;

/** A rule at work over groups in memory. */
export interface Simulation {
  /** In the order they came to be; the newest, 1000 at least, where there are more. */
  readonly evaluations: readonly NewEvaluation[];
  readonly counts: Readonly<Partial<Record<RuleOutcome, number>>>;
  /** Takes the next event, with every deadline before it; the same again changes nothing. */
  take(event: CloudEvent): void;
  /** Passes the deadlines up to a time. */
  end(to: Date): void;
}

/**
 * What a rule would have done with events, in the order given, deadlines among them: the engine of the real thing.
 * Nothing is stored or started.
 *
 * @param from the rule begins then, without anything gathered.
 */
export function startSimulation(rule: RuleDefinition, from: Date): Simulation {
  const groups = new Map<string, RuleGroupState>();
  for (const { key, state } of expectedGroups(rule, from)) groups.set(key, state);
  const seen = new Set<string>();
  const found: NewEvaluation[] = [];
  const counts: Partial<Record<RuleOutcome, number>> = {};
  let clock = from;

  const add = (evaluations: readonly NewEvaluation[]): void => {
    for (const evaluation of evaluations) {
      counts[evaluation.outcome] = (counts[evaluation.outcome] ?? 0) + 1;
      found.push(evaluation);
    }
    if (found.length > 2 * mostEvaluations) found.splice(0, found.length - mostEvaluations);
  };
  const passUntil = (time: string): void => {
    const due = [...groups].filter(([, { deadlineAt }]) => deadlineAt !== null && deadlineAt < time);
    const passed = due.flatMap(([key, state]) => {
      const change = lookAtDeadlines(rule, state, time, { key, now: clock, depth: 0 });
      groups.set(key, change.state);
      return change.evaluations.map((evaluation) => ({ ...evaluation, at: evaluation.deadlineAt ?? evaluation.at }));
    });
    add(passed.sort((a, b) => (a.at < b.at ? -1 : 1)));
  };
  return {
    evaluations: found,
    counts,
    take(event) {
      const name = JSON.stringify([event.source, event.id]);
      if (seen.has(name)) return;
      seen.add(name);
      const match = matchPatterns(rule, event);
      if (!match) return;
      // Events come when they happen; one that came late does not turn the clock back.
      const at = new Date(event.time);
      if (at > clock) clock = at;
      passUntil(clock.toISOString());
      const now = { now: clock, depth: 0 };
      if (match.why !== null) {
        add([noteOf(rule, event, match, { ...now, key: '' }, match.failed ? 'error' : 'ignored', match.why)]);
        return;
      }
      for (const key of match.groups.keys()) {
        const unexpected = unexpectedKey(rule, key);
        if (unexpected) {
          add([noteOf(rule, event, match, { ...now, key }, 'ignored', unexpected)]);
          continue;
        }
        const change = lookAtEvent(rule, groups.get(key) ?? null, event, match, { ...now, key });
        groups.set(key, change.state);
        add(change.evaluations);
      }
    },
    end(to) {
      clock = to;
      passUntil(new Date(to.getTime() + 1).toISOString());
    },
  };
}
