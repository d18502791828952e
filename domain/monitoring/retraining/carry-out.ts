import type { DecisionShown } from '../../../contracts/decisions.ts';
import type { JsonObject } from '../../../contracts/json.ts';
import { type Priority, type RunRecord, terminalRunStatuses } from '../../../contracts/runs.ts';
import type { RunStarter } from '../../dag/index.ts';
import type { DecisionRepository } from '../../ports/results.ts';
import type { RunLauncher, RunRepository } from '../../ports/runs.ts';
import { decidedBy } from './decided-by.ts';

export interface CarryOutDeps {
  readonly decisions: Pick<DecisionRepository, 'attachRun' | 'settle'>;
  readonly starter: Pick<RunStarter, 'create'>;
  readonly runs: Pick<RunRepository, 'get'>;
  readonly launcher: Pick<RunLauncher, 'cancel'>;
}

/** Whether a training is to follow: that is what counts, and its policy acts, or a person said so. */
export function asksForTraining(decision: DecisionShown): boolean {
  const { effective, overrides } = decision;
  const acts = decidedBy(decision).mode === 'act' || overrides.some(({ status }) => status === 'approved');
  return acts && (effective === 'retrain' || effective === 'challenger');
}

/**
 * Makes the training run of a decision, its id being the idempotency key, and links both; one that was made is given
 * again. A decision that a person changed to `keep` stops the training it had started.
 *
 * @returns the run to follow; null when there is none to make.
 */
export async function carryOut(deps: CarryOutDeps, decision: DecisionShown, now: Date): Promise<RunRecord | null> {
  const { links, effective } = decision;
  const existing = links.run ? await deps.runs.get(links.run.id) : null;
  const trains = asksForTraining(decision);
  if (existing) {
    if (!trains && !terminalRunStatuses.has(existing.status)) await deps.launcher.cancel(existing);
    return existing;
  }
  if (!trains) return null;
  const { training } = decidedBy(decision);
  const { run } = await deps.starter.create({
    pipeline: decision.pipeline,
    params: {
      ...(decision.inputs['trainingParams'] as JsonObject),
      ...(effective === 'challenger' ? training.challenger : {}),
    },
    trigger: { kind: 'decision', by: decision.id },
    idempotencyKey: decision.id,
    priority: training.priority as Priority,
  });
  await deps.decisions.attachRun(decision.id, run.id);
  if (terminalRunStatuses.has(run.status)) await deps.decisions.settle(decision.id, now);
  return run;
}
