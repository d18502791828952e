import type {
  BackfillForecast,
  BackfillMode,
  BackfillRecord,
  PartitionStatus,
} from '../../../../contracts/backfills.ts';
import { count, plural } from '../../../format/number.ts';
import { duration } from '../../../format/time.ts';

/** What is done about partitions that were done before. */
export const modeWords: Readonly<Record<BackfillMode, string>> = {
  missing: 'leave it as it is',
  failed: 'do only what failed again',
  all: 'do all of it again',
};

/** Days and keys of a backfill: `1–30 Nov 2026, Germany and France`. */
export function spanWords({ from, to, keys }: Pick<BackfillRecord, 'from' | 'to' | 'keys'>): string {
  const days = from === to ? from : `${from} to ${to}`;
  const which = keys.length === 0 ? 'all keys' : keys.length > 3 ? plural(keys.length, 'key') : keys.join(', ');
  return `${days}, ${which}`;
}

/** What a backfill would do, in a sentence or two. */
export function forecastWords({ total, toRun, partitions, estimate }: BackfillForecast): string {
  const waits = partitions.filter(({ action }) => action === 'wait').length;
  const skips = total - toRun - waits;
  if (toRun === 0 && waits === 0) return `Nothing to do: all ${plural(total, 'partition')} would be left out.`;
  const parts = [
    `${plural(toRun, 'run')} for ${plural(total, 'partition')}`,
    ...(waits > 0 ? [`${count(waits)} wait for runs that are under way`] : []),
    ...(skips > 0 ? [`${count(skips)} left out`] : []),
  ];
  const time = estimate
    ? ` It takes about ${duration(estimate.seconds * 1_000)}: a run usually takes ${duration(estimate.medianRunSeconds * 1_000)} (${plural(estimate.basedOnRuns, 'run')} looked at).`
    : toRun > 0
      ? ' How long it takes cannot be said before a run has succeeded.'
      : '';
  return `${parts.join(', ')}.${time}`;
}

const done: readonly PartitionStatus[] = ['succeeded', 'skipped'];
const ended: readonly PartitionStatus[] = [...done, 'failed', 'cancelled'];

/** How far a backfill has come: partitions that are done, that failed, and that are left. */
export function progressOf(counts: Readonly<Partial<Record<PartitionStatus, number>>>): {
  readonly done: number;
  readonly failed: number;
  readonly running: number;
  readonly left: number;
} {
  const sum = (statuses: readonly PartitionStatus[]): number =>
    statuses.reduce((total, status) => total + (counts[status] ?? 0), 0);
  const all = Object.values(counts).reduce((total, n) => total + n, 0);
  return {
    done: sum(done),
    failed: sum(['failed']),
    running: sum(['running', 'paused']),
    left: all - sum(ended),
  };
}

/** Milliseconds that what is left will take, judged by runs that have ended; null: none has. */
export function remainingMs(
  left: number,
  concurrency: number,
  runs: readonly { readonly status: string; readonly startedAt: string | null; readonly finishedAt: string | null }[],
): number | null {
  const took = runs
    .flatMap(({ status, startedAt, finishedAt }) =>
      status === 'succeeded' && startedAt && finishedAt ? [Date.parse(finishedAt) - Date.parse(startedAt)] : [],
    )
    .sort((a, b) => a - b);
  const median = took[Math.floor(took.length / 2)];
  return median === undefined || left === 0 ? null : median * Math.ceil(left / concurrency);
}
