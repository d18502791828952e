import { createHash } from 'node:crypto';
import { type ServingVariant, type TrafficRecord, type TrafficRoute, variantKey } from '../../contracts/traffic.ts';

/**
 * What answers a caller: the same on every replica, as long as the traffic stays. While a variant's share grows, who had it keeps
 * it; each candidate has callers of its own, so that not the same ones meet every new variant first.
 */
export function variantFor({ model, routes }: Pick<TrafficRecord, 'model' | 'routes'>, caller: string): ServingVariant {
  const [first, ...others] = routes as readonly [TrafficRoute, ...TrafficRoute[]];
  if (others.length === 0) return first;
  const point = pointOf(`${model}\n${others.map(variantKey).join()}\n${caller}`);
  let sum = 0;
  for (const route of others) {
    sum += route.share;
    if (point < sum) return route;
  }
  return first;
}

/** A point of 0 to below 1, the same for the same text, evenly spread. */
export function pointOf(text: string): number {
  return createHash('sha1').update(text).digest().readUInt32BE(0) / 2 ** 32;
}
