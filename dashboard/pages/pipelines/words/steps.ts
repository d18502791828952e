import type { PlanRetry, PlanStep } from '../../../../contracts/plan.ts';
import { count, percent } from '../../../format/number.ts';
import { duration } from '../../../format/time.ts';

/** Where a step runs: `GPU, 4,096 MiB, a slot of gpu`. */
export function placeWords({ resource, memoryMiB, pool }: PlanStep): string {
  const names = { light: 'beside the workflow', cpu: 'CPU', gpu: 'GPU' } as const;
  const memory = memoryMiB > 0 ? `, ${count(memoryMiB)} MiB` : '';
  return `${names[resource]}${memory}${pool ? `, a slot of ${pool.name}` : ''}`;
}

/** How often a step is tried: `3 times, after 1 s, then 2 times as long, at most 1 min`. */
export function retryWords({
  maximumAttempts,
  initialIntervalMs,
  backoffCoefficient,
  maximumIntervalMs,
}: PlanRetry): string {
  if (maximumAttempts === 1) return 'once';
  const times = maximumAttempts === 0 ? 'until it succeeds' : `${maximumAttempts} times`;
  const growing =
    backoffCoefficient === 1
      ? ''
      : `, then ${backoffCoefficient} times as long, at most ${duration(maximumIntervalMs)}`;
  return `${times}, after ${duration(initialIntervalMs)}${growing}`;
}

/** What a fan-out does: `for each of steps.a.output.markets, 4 at a time, all must succeed`. */
export function mapWords({ map }: PlanStep): string | null {
  if (!map) return null;
  const tolerated = map.toleratedFailures === 0 ? 'all must succeed' : `${percent(map.toleratedFailures)} may fail`;
  return `for each of ${map.over}, ${map.concurrency} at a time, ${tolerated}`;
}

/** Whether outputs of earlier runs are taken. */
export function cacheWords({ cache }: PlanStep): string | null {
  if (!cache) return null;
  const params = cache.params ? `same ${cache.params.join(', ')}` : 'same parameters';
  return `kept for the same code, inputs and ${params}${cache.maxAgeMs === undefined ? '' : `, up to ${duration(cache.maxAgeMs)}`}`;
}
