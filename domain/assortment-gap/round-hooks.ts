import type { JsonObject } from '../../contracts/json.ts';
import { nestedBytes, packBytes, packNested, type TrainHooks, unpackBytes } from '../nlp/index.ts';
import { encoderFrom, encoderParts, type WordEncoder } from './word-encoder.ts';

const kind = 'linker-checkpoint';
const version = 1;

interface RoundHooks {
  /** Encoders of the rounds that the checkpoint holds whole, in their order. */
  readonly done: readonly WordEncoder[];
  /** Hooks to train the next round with. */
  next(): TrainHooks;
  /** Takes the encoder of the round, which every later checkpoint holds. */
  finish(encoder: WordEncoder): Promise<void>;
}

/** Shares one checkpoint and one progress between rounds. A checkpoint of another `signature` is not taken up. */
export async function roundHooks(hooks: TrainHooks, signature: string, rounds: number): Promise<RoundHooks> {
  const saved = await hooks.checkpoint.load();
  const read = saved ? unpackBytes(saved, kind, version) : null;
  const found = read?.meta['signature'] === signature ? read : null;
  const done = ((found?.meta['encoders'] ?? []) as JsonObject[]).map((meta, round) =>
    encoderFrom(meta, { table: found!.arrays[`${round}.table`]!, weight: found!.arrays[`${round}.weight`]! }),
  );
  const restored = done.length;
  const partial = found?.arrays['partial'];
  const save = (bytes: Uint8Array | null): Promise<void> => {
    const parts = done.map(encoderParts);
    const arrays = Object.fromEntries(
      parts.flatMap(({ arrays: { table, weight } }, round) => [
        [`${round}.table`, table],
        [`${round}.weight`, weight],
      ]),
    );
    const meta = { signature, encoders: parts.map((part) => part.meta) };
    return hooks.checkpoint.save(
      packBytes({ kind, version, meta, arrays: { ...arrays, ...(bytes ? { partial: packNested(bytes) } : {}) } }),
    );
  };
  return {
    done,
    next: () => {
      const round = done.length;
      return {
        signal: hooks.signal,
        metric: (name, value) => hooks.metric(name, value),
        progress: (steps, total, unit) => hooks.progress(round * total + steps, rounds * total, unit),
        checkpoint: {
          load: async () => (partial && round === restored ? nestedBytes(partial) : null),
          save,
        },
      };
    },
    async finish(encoder) {
      done.push(encoder);
      await save(null);
    },
  };
}
