import {
  type DriftDetectedData,
  eventTypes,
  type FeedbackReceivedData,
  type ModelPromotedData,
  type RolloutChangedData,
  type RunEndedData,
} from '../../../contracts/events.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EventHandler } from '../../ports/events.ts';
import type { DecisionRepository } from '../../ports/results.ts';
import type { PolicyRepository, RetrainingLauncher } from '../../ports/retraining.ts';

const endsRollout: ReadonlySet<string> = new Set([
  eventTypes.rolloutCompleted,
  eventTypes.rolloutRolledBack,
  eventTypes.rolloutAborted,
]);

/**
 * Starts a watch for what happens to pipelines that have a policy: a run that succeeded, drift, corrections (these within
 * an hour together); and keeps that a version of a decision was promoted, or what became of its rollout. The same event again
 * changes nothing.
 */
export function createRetrainingHandler({
  policies,
  decisions,
  launcher,
  clock,
}: {
  readonly policies: Pick<PolicyRepository, 'list'>;
  readonly decisions: Pick<DecisionRepository, 'ofVersion' | 'settle'>;
  readonly launcher: Pick<RetrainingLauncher, 'watch'>;
  readonly clock: Clock;
}): EventHandler {
  const isWatched = async (pipeline: string): Promise<boolean> =>
    (await policies.list()).some(({ definition }) => definition.pipeline === pipeline);
  return async ({ type, source, id, time, data }) => {
    if (type === 'model.promoted') {
      const { model, alias, version } = data as unknown as ModelPromotedData;
      const decision = alias === 'champion' ? await decisions.ofVersion(model, version) : null;
      if (decision) await decisions.settle(decision.id, clock.now());
    } else if (endsRollout.has(type) && source.startsWith('/models/')) {
      const { model, version } = data as unknown as RolloutChangedData;
      const decision = await decisions.ofVersion(model, version);
      if (decision) await decisions.settle(decision.id, clock.now());
    } else if (type === 'run.succeeded' && source.startsWith('/pipelines/')) {
      const { runId, pipeline, trigger } = data as unknown as RunEndedData;
      // The watch that started a decision's training sees its end itself; what a backfill decides is of the past.
      if (trigger.kind === 'decision' || trigger.kind === 'backfill' || !(await isWatched(pipeline))) return;
      await launcher.watch({ kind: 'run', pipeline, runId }, `run-${id}`);
    } else if (type === 'drift.detected' || type === 'feedback.received') {
      const pipeline = (data as unknown as Partial<DriftDetectedData & FeedbackReceivedData> | null)?.pipeline;
      if (typeof pipeline !== 'string' || !(await isWatched(pipeline))) return;
      const ref = type === 'feedback.received' ? `feedback-${time.slice(0, 13)}` : `drift-${id}`;
      await launcher.watch({ kind: 'event', pipeline, ref }, `${pipeline}-${ref}`);
    }
  };
}
