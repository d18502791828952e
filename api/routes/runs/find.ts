import { PerennialError } from '../../../contracts/errors.ts';
import { type RunRecord, terminalRunStatuses } from '../../../contracts/runs.ts';
import type { RunRepository } from '../../../domain/ports/runs.ts';

/** The run of an id; NOT_FOUND when there is none. */
export async function findRun(runs: RunRepository, id: string): Promise<RunRecord> {
  const run = await runs.get(id);
  if (run) return run;
  throw new PerennialError('NOT_FOUND', `There is no run "${id}".`, { remedy: 'GET /v1/runs lists them.' });
}

/** CONFLICT when the run has ended. @param doing for the remedy, e.g. `cancel`. */
export function refuseEnded({ id, status }: RunRecord, doing: string): void {
  if (!terminalRunStatuses.has(status)) return;
  throw new PerennialError(
    'CONFLICT',
    `Run "${id}" has ended already: it ${status === 'cancelled' ? 'was' : 'has'} ${status}.`,
    { remedy: `There is nothing to ${doing}.` },
  );
}
