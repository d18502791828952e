import type { JsonObject } from '../../contracts/json.ts';
import { type Booster, boosterArrays, boosterFrom, boosterMeta } from '../boosting/index.ts';
import { nestedBytes, packBytes, packNested, type TrainHooks, unpackBytes } from '../nlp/index.ts';

const kind = 'ranker-checkpoint';
const version = 2;

interface HeadHooks {
  /** The first head, when the checkpoint holds it whole. */
  readonly first: Booster | null;
  /** Hooks to train the first head with. */
  readonly hooks: TrainHooks;
  /** Takes the first head, which every later checkpoint holds; hooks to train the second with. */
  next(first: Booster): Promise<TrainHooks>;
}

/**
 * Shares one checkpoint and one progress between two heads trained one after the other, of `firstTotal` and
 * `secondTotal` trees. A checkpoint of another `signature` is not taken up.
 */
export async function headHooks(
  hooks: TrainHooks,
  signature: string,
  firstTotal: number,
  secondTotal: number,
): Promise<HeadHooks> {
  const total = firstTotal + secondTotal;
  const saved = await hooks.checkpoint.load();
  const read = saved ? unpackBytes(saved, kind, version) : null;
  const found = read?.meta['signature'] === signature ? read : null;
  const done = (found?.meta['first'] ?? null) as JsonObject | null;
  const partial = found?.arrays['partial'];

  const save = (first: Booster | null, bytes: Uint8Array | null) => {
    const meta = { signature, first: first ? boosterMeta(first) : null };
    const arrays = {
      ...(first ? boosterArrays(first, 'first.') : {}),
      ...(bytes ? { partial: packNested(bytes) } : {}),
    };
    return hooks.checkpoint.save(packBytes({ kind, version, meta, arrays }));
  };
  const hooksOf = (first: Booster | null, before: number): TrainHooks => ({
    signal: hooks.signal,
    metric: (name, value) => hooks.metric(name, value),
    progress: (trees, _, unit) => hooks.progress(before + trees, total, unit),
    checkpoint: {
      // What is partial belongs to the second head once the first is whole.
      load: async () => (partial && (first === null) === (done === null) ? nestedBytes(partial) : null),
      save: (bytes) => save(first, bytes),
    },
  });
  return {
    first: done && found ? boosterFrom(done, found.arrays, 'first.') : null,
    hooks: hooksOf(null, 0),
    async next(first) {
      if (!done) await save(first, null);
      return hooksOf(first, firstTotal);
    },
  };
}
