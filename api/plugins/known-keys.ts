import type { ApiKey } from '../../contracts/keys.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { KeyRepository } from '../../domain/ports/keys.ts';

/** A key revoked by another replica works here for so long at most. */
const keptMs = 1000;
/** Keys held; beyond that all are asked for anew. */
const mostHeld = 10_000;

/**
 * Keys whose look-ups are remembered for a second, as every request makes one: a caller of a hundred requests a second
 * costs one query instead. What is revoked here is forgotten at once; hashes that are no key are never remembered.
 */
export function rememberKeys(keys: KeyRepository, clock: Clock): KeyRepository {
  const held = new Map<string, { readonly at: number; readonly key: Promise<ApiKey | null> }>();
  const touched = new Map<string, number>();
  const forget = (hash: string) => () => held.delete(hash);
  return {
    ...keys,
    byHash(hash) {
      const now = clock.now().getTime();
      const known = held.get(hash);
      if (known !== undefined && now - known.at < keptMs) return known.key;
      if (held.size >= mostHeld) held.clear();
      const key = keys.byHash(hash);
      held.set(hash, { at: now, key });
      key.then((found) => found ?? forget(hash)(), forget(hash));
      return key;
    },
    async revoke(id) {
      try {
        return await keys.revoke(id);
      } finally {
        held.clear();
      }
    },
    async touch(id) {
      // All requests that share a look-up see the same time of the last use.
      const now = clock.now().getTime();
      if (now - (touched.get(id) ?? Number.NEGATIVE_INFINITY) < keptMs) return;
      if (touched.size >= mostHeld) touched.clear();
      touched.set(id, now);
      await keys.touch(id);
    },
  };
}
