import { createHash } from 'node:crypto';
import type { TrafficRecord } from '../../contracts/traffic.ts';

/**
 * The version that answers a caller: the same on every replica, as long as the traffic stays. While a version's share grows, who
 * had it keeps it; each candidate has callers of its own, so that not the same ones meet every new version first.
 */
export function versionFor({ model, routes }: Pick<TrafficRecord, 'model' | 'routes'>, caller: string): number {
  const [first, ...others] = routes as readonly [TrafficRecord['routes'][number], ...TrafficRecord['routes'][number][]];
  if (others.length === 0) return first.version;
  const point = pointOf(`${model}\n${others.map(({ version }) => version).join()}\n${caller}`);
  let sum = 0;
  for (const { version, share } of others) {
    sum += share;
    if (point < sum) return version;
  }
  return first.version;
}

/** A point of 0 to below 1, the same for the same text, evenly spread. */
export function pointOf(text: string): number {
  return createHash('sha1').update(text).digest().readUInt32BE(0) / 2 ** 32;
}
