import { PerennialError } from '../../contracts/errors.ts';
import type { Admission } from '../ports/admission.ts';
import type { BackfillLauncher, BackfillRepository } from '../ports/backfills.ts';
import type { RolloutLauncher, RolloutRepository } from '../ports/rollouts.ts';
import type { RunLauncher, RunRepository } from '../ports/runs.ts';

/** Handed over in one round, of runs, of backfills and of rollouts. */
const perRound = 100;

/**
 * Starts what was stored while Temporal was away, and tells those who may go on now and may not have heard it. One that
 * cannot be started does not hold up the others.
 *
 * @param before what was made later is still being handed over by who made it.
 * @param failed told which one, and why.
 * @throws UNAVAILABLE when a server does not answer: the next round goes on.
 */
export async function handOver(
  deps: {
    readonly runs: Pick<RunRepository, 'queued'>;
    readonly backfills: Pick<BackfillRepository, 'queued'>;
    readonly rollouts: Pick<RolloutRepository, 'queued'>;
    readonly admission: Pick<Admission, 'next'>;
    readonly launcher: Pick<RunLauncher, 'start' | 'admitted' | 'slotsGranted'>;
    readonly backfillLauncher: Pick<BackfillLauncher, 'start'>;
    readonly rolloutLauncher: Pick<RolloutLauncher, 'start'>;
  },
  before: Date,
  failed: (id: string, error: unknown) => void,
): Promise<void> {
  const each = async <T extends { readonly id: string }>(found: readonly T[], start: (one: T) => Promise<unknown>) => {
    for (const one of found) {
      try {
        await start(one);
      } catch (error) {
        if (error instanceof PerennialError && error.code === 'UNAVAILABLE') throw error;
        failed(one.id, error);
      }
    }
  };
  await each(await deps.runs.queued(before, perRound), (run) => deps.launcher.start(run));
  await each(await deps.backfills.queued(before, perRound), (backfill) => deps.backfillLauncher.start(backfill));
  await each(await deps.rollouts.queued(before, perRound), (rollout) => deps.rolloutLauncher.start(rollout));
  const { runs, slots } = await deps.admission.next();
  await deps.launcher.admitted(runs);
  await deps.launcher.slotsGranted(slots);
}
