import type { BackfillMode } from '../../contracts/backfills.ts';
import type { PartitionDecision, PartitionRuns } from '../ports/backfills.ts';

/**
 * What a backfill does about a partition. A run under way is waited for, and then decides; what succeeded since the
 * backfill was asked for is done, whatever the mode.
 *
 * @param askedAt when the backfill was asked for, ISO 8601.
 */
export function decidePartition(
  { mode, askedAt }: { readonly mode: BackfillMode; readonly askedAt: string },
  { active, succeeded, ended }: PartitionRuns,
): PartitionDecision {
  if (active)
    return { kind: 'wait', runId: active.runId, reason: `run ${active.runId} of ${active.partition} is under way` };
  const skip = (runId: string | null, reason: string): PartitionDecision => ({ kind: 'skip', runId, reason });
  if (succeeded && (succeeded.finishedAt ?? '') >= askedAt)
    return skip(succeeded.runId, `run ${succeeded.runId} of ${succeeded.partition} has done it meanwhile`);
  if (mode === 'missing' && succeeded)
    return skip(succeeded.runId, `run ${succeeded.runId} of ${succeeded.partition} has done it`);
  if (mode === 'failed' && ended?.status !== 'failed')
    return skip(ended?.runId ?? null, ended ? `its newest run ${ended.runId} is ${ended.status}` : 'it has no run');
  return { kind: 'run' };
}
