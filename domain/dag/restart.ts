import { PerennialError } from '../../contracts/errors.ts';
import type { Plan } from '../../contracts/plan.ts';
import { type RunRecord, type StepRecord, skipReasons } from '../../contracts/runs.ts';
import type { Restart } from '../ports/runs.ts';

type Steps = readonly Pick<StepRecord, 'stepId' | 'mapKey' | 'status' | 'reason'>[];

/**
 * What of a plan runs again. Always: steps that failed, were cancelled or never began, and what was skipped because of
 * them; of a mapped step the items that did not succeed. With `from` also those steps and all behind them, whole. What
 * succeeded otherwise stays, and so does what somebody skipped by hand. Nothing may be left to run of a run that failed:
 * where an attempt wrote down its success and died before it could tell.
 *
 * @throws VALIDATION_FAILED for unknown steps; CONFLICT when the run has succeeded and nothing would run.
 */
export function stepsToRestart(
  run: Pick<RunRecord, 'id' | 'plan' | 'status'>,
  steps: Steps,
  from: readonly string[] = [],
): Restart['reset'] {
  checkSteps(run.plan, 'from', from);
  const records = new Map(steps.filter((s) => s.mapKey === '').map((s) => [s.stepId, s]));
  const whole = behind(run.plan, from);
  const reset = new Map<string, 'failed' | 'all'>();
  // Plan order puts needs first.
  for (const { id, needs } of run.plan.steps) {
    if (whole.has(id)) reset.set(id, 'all');
    else if (isOpen(records.get(id), () => needs.some((need) => reset.has(need)))) reset.set(id, 'failed');
  }
  if (reset.size === 0 && run.status === 'succeeded') {
    throw new PerennialError('CONFLICT', `All steps of run "${run.id}" have succeeded or were skipped.`, {
      remedy: 'Name the step to run again from.',
    });
  }
  return [...reset].map(([stepId, items]) => ({ stepId, items }));
}

function isOpen(step: Steps[number] | undefined, needsRunAgain: () => boolean): boolean {
  const { status = 'pending', reason } = step ?? {};
  if (status !== 'skipped') return status !== 'succeeded';
  if (reason?.startsWith(skipReasons.byHand)) return false;
  return reason?.startsWith(skipReasons.blocked) || needsRunAgain();
}

/** The named steps and all that come after them. */
export function behind(plan: Plan, from: readonly string[]): ReadonlySet<string> {
  const found = new Set(from);
  for (const { id, needs } of plan.steps) if (needs.some((need) => found.has(need))) found.add(id);
  return found;
}

/** VALIDATION_FAILED when a name is no step of the plan. */
export function checkSteps(plan: Plan, field: string, names: readonly string[]): void {
  const known = plan.steps.map(({ id }) => id);
  const fields = names
    .filter((name) => !known.includes(name))
    .map((value) => ({ field, value, message: `is not a step of this run; there are ${known.join(', ')}` }));
  if (fields.length === 0) return;
  throw new PerennialError(
    'VALIDATION_FAILED',
    `${field}: there is no step "${String(fields[0]?.value)}" in this run.`,
    {
      fields,
      remedy: `Use one of ${known.join(', ')}.`,
    },
  );
}
