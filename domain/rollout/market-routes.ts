import { marketPrefix, type TrafficRecord } from '../../contracts/traffic.ts';

/**
 * The versions that make the lists of the markets of a model that have a version of their own, by market: in the others it is the
 * champion.
 */
export function marketRoutes(traffic: readonly TrafficRecord[], model: string): Map<string, number> {
  const prefix = marketPrefix(model);
  const routes = new Map<string, number>();
  for (const record of traffic) {
    // Lists of a market are made by one version: there are no shares between none and all.
    const route = record.routes.find(({ share }) => share > 0);
    if (route && record.model.startsWith(prefix)) routes.set(record.model.slice(prefix.length), route.version);
  }
  return routes;
}
