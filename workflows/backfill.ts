import { CancellationScope, continueAsNew, isCancellation, workflowInfo } from '@temporalio/workflow';
import type { BackfillInput } from '../contracts/scheduling.ts';
import { awaitRun, bookkeeping, executeRun } from './child-run.ts';

/** Partitions after which the history begins anew: a plan stands in it twice for each, and 4 MB are much. */
const perHistory = 100;

/**
 * Does the partitions of a backfill in order, some at a time. A partition that fails does not stop the others. When
 * the history has grown, those under way finish and the rest goes on in a fresh one.
 */
export async function backfill(input: BackfillInput): Promise<void> {
  const { backfillId, total, concurrency } = input;
  const first = input.position ?? 0;
  let next = first;
  const scope = CancellationScope.current();
  const isFull = (): boolean => next - first >= perHistory || workflowInfo().continueAsNewSuggested;

  const fill = async (position: number): Promise<void> => {
    for (;;) {
      const claim = await bookkeeping.claimPartition(backfillId, position);
      if (claim.kind === 'done') return;
      if (claim.kind === 'run') return executeRun(claim.run);
      await awaitRun(claim.runId);
    }
  };
  const lane = async (): Promise<void> => {
    while (next < total && !isFull() && !scope.consideredCancelled) await fill(next++);
  };
  const lanes = await Promise.allSettled(Array.from({ length: concurrency }, lane));
  const broken = lanes.find((l) => l.status === 'rejected' && !isCancellation(l.reason));
  if (scope.consideredCancelled || broken) {
    await bookkeeping.finishBackfill(backfillId, true);
    if (broken?.status === 'rejected') throw broken.reason;
    return;
  }
  if (next < total) await continueAsNew<typeof backfill>({ ...input, position: next });
  await bookkeeping.finishBackfill(backfillId, false);
}
