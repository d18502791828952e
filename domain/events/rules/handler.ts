import { PerennialError, toErrorInfo } from '../../../contracts/errors.ts';
import type { CloudEvent } from '../../../contracts/events.ts';
import type { RuleActionRecord, RuleEvaluation, RuleRecord } from '../../../contracts/rules.ts';
import type { Priority } from '../../../contracts/runs.ts';
import type { RunStarter } from '../../dag/index.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EventHandler } from '../../ports/events.ts';
import type { RuleLedger } from '../../ports/rules.ts';
import { lookAtDeadlines, lookAtEvent, noteOf, unexpectedKey } from './look.ts';
import { matchPatterns } from './match.ts';
import { newState } from './state.ts';

export interface RuleWorkDeps {
  readonly rules: RuleLedger;
  readonly starter: Pick<RunStarter, 'start'>;
  readonly clock: Clock;
}

/** More rules than that do not fire one after another: they call each other. */
const mostDepth = 10;
/** A deadline is looked at so long after it, so that what came in time has been delivered; milliseconds. */
export const graceMs = 2_000;
/** So long a deadline waits for events that came before it and are not delivered yet, because Redis is away, say. */
const patienceMs = 15 * 60_000;
const batch = 100;
/** Longest wait before an action is tried again. */
const longestWaitMs = 300_000;

/**
 * Gives each event to every rule with a pattern for its type. The same event again changes nothing: what an earlier
 * delivery left undone is done by {@link sweepRules}.
 */
export function createRuleHandler(deps: RuleWorkDeps): EventHandler {
  return async (event) => {
    const rules = await deps.rules.forType(event.type);
    if (rules.length === 0) return;
    const depth = await deps.rules.depthOf(event);
    const failures: unknown[] = [];
    for (const rule of rules) {
      try {
        for (const evaluation of await handle(deps, rule, event, depth)) await act(deps, evaluation);
      } catch (error) {
        // One rule that cannot look at it must not keep it from the others.
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  };
}

async function handle(
  deps: RuleWorkDeps,
  rule: RuleRecord,
  event: CloudEvent,
  depth: number,
): Promise<RuleEvaluation[]> {
  const { rules, clock } = deps;
  const { definition } = rule;
  const match = matchPatterns(definition, event);
  if (!match) return [];
  const at = { key: '', now: clock.now(), depth };
  if (match.why !== null || depth >= mostDepth) {
    const why = match.why ?? `${depth} rules have fired one after another: they call each other`;
    await rules.note(rule, noteOf(definition, event, match, at, match.failed ? 'error' : 'ignored', why));
    return [];
  }
  const found: RuleEvaluation[] = [];
  for (const key of match.groups.keys()) {
    const unexpected = unexpectedKey(definition, key);
    if (unexpected) {
      await rules.note(rule, noteOf(definition, event, match, { ...at, key }, 'ignored', unexpected));
      continue;
    }
    found.push(
      ...(await rules.evaluate(rule, key, { event }, (state) =>
        lookAtEvent(definition, state, event, match, { ...at, key }),
      )),
    );
  }
  return found;
}

/**
 * Looks at the deadlines that have passed, and does what is left undone. Any number of processes may do this at any time.
 * A group that cannot be looked at does not hold up the others; its error is thrown after them.
 *
 * @returns how many deadlines it looked at.
 */
export async function sweepRules(deps: RuleWorkDeps, now: Date = deps.clock.now()): Promise<number> {
  const { rules } = deps;
  const until = new Date(now.getTime() - graceMs);
  const patience = new Date(now.getTime() - patienceMs);
  const before = new Date(until.getTime() + 1).toISOString();
  const failures = new Map<string, unknown>();
  const nameOf = (rule: RuleRecord, key: string): string => JSON.stringify([rule.id, key]);
  let looked = 0;
  for (;;) {
    const found = await rules.due(until, patience, batch + failures.size);
    const due = found.filter(({ rule, key }) => !failures.has(nameOf(rule, key)));
    if (due.length === 0) break;
    for (const { rule, key, deadlineAt } of due) {
      try {
        const evaluations = await rules.evaluate(rule, key, { deadlineAt }, (state) =>
          lookAtDeadlines(rule.definition, state ?? newState(rule.definition, now), before, { key, now, depth: 0 }),
        );
        looked += evaluations.length;
        for (const evaluation of evaluations) await act(deps, evaluation);
      } catch (error) {
        failures.set(nameOf(rule, key), error);
      }
    }
  }
  for (const evaluation of await rules.unfinished(now, batch)) await act(deps, evaluation);
  for (const error of failures.values()) throw error;
  return looked;
}

/** Starts the runs of an evaluation; doing it again gives the same runs. What a server's absence hinders stays pending. */
async function act({ rules, starter, clock }: RuleWorkDeps, evaluation: RuleEvaluation): Promise<void> {
  if (!evaluation.actions.some(({ status }) => status === 'pending')) return;
  const actions = await Promise.all(
    evaluation.actions.map(async (action, n): Promise<RuleActionRecord> => {
      if (action.kind !== 'start' || action.status !== 'pending') return action;
      try {
        const { run } = await starter.start({
          pipeline: action.pipeline,
          params: action.params,
          trigger: { kind: 'rule', by: `${evaluation.rule}/${evaluation.id}` },
          idempotencyKey: `rule/${evaluation.id}/${n}`,
          ...(action.priority === undefined ? {} : { priority: action.priority as Priority }),
          ...(evaluation.traceparent === undefined ? {} : { traceparent: evaluation.traceparent }),
        });
        const { error: _, ...done } = action;
        return { ...done, status: 'done', runId: run.id };
      } catch (error) {
        const isFinal = error instanceof PerennialError && error.fault === 'caller' && !error.retry;
        return { ...action, status: isFinal ? 'failed' : 'pending', error: toErrorInfo(error) };
      }
    }),
  );
  const isOpen = actions.some(({ status }) => status === 'pending');
  const now = clock.now().getTime();
  const ageMs = now - Date.parse(evaluation.at);
  await rules.acted(
    evaluation.id,
    actions,
    isOpen ? new Date(now + Math.min(Math.max(ageMs, 1_000), longestWaitMs)) : null,
  );
}
