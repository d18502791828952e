import { setTimeout as delay } from 'node:timers/promises';

/** Until a replica has heard of it; fails after the 2 s in which it must have. */
export async function within2s<T>(look: () => Promise<T>, isWanted: (seen: T) => boolean): Promise<T> {
  for (const from = Date.now(); ; await delay(20)) {
    const seen = await look();
    if (isWanted(seen)) return seen;
    if (Date.now() - from > 2000) throw new Error(`not within 2 s: ${JSON.stringify(seen)}`);
  }
}
