import type { JsonObject } from '../../contracts/json.ts';
import { boosterArrays, boosterFrom, boosterMeta } from '../boosting/index.ts';
import { packBytes, unpackBytes } from '../nlp/index.ts';
import type { GapModel } from './gap.ts';
import type { OutsideThing } from './outside.ts';
import { encoderFrom, encoderParts } from './word-encoder.ts';

const kind = 'assortment-gap';
/** Version of the form in which the model is stored. */
export const gapFormat = 1;

export function encodeGap({ encoder, usage, outside }: GapModel): Uint8Array {
  const parts = encoderParts(encoder);
  const { context, booster, boughtHere } = usage;
  return packBytes({
    kind,
    version: gapFormat,
    meta: {
      encoder: parts.meta,
      context: [...context.keys()],
      booster: boosterMeta(booster),
      boughtHere,
      usual: outside.slots.usual,
      begins: [...outside.slots.begins.keys()],
      ends: [...outside.slots.ends.keys()],
      typical: [...outside.typical],
      things: outside.things.map((thing) => ({ ...thing, words: [...thing.words] })),
      ordinary: [...outside.ordinary],
    },
    arrays: {
      ...parts.arrays,
      context: Float32Array.from(context.values()),
      begins: Float32Array.from(outside.slots.begins.values()),
      ends: Float32Array.from(outside.slots.ends.values()),
      ...boosterArrays(booster, 'booster.'),
    },
  });
}

/** Reads {@link encodeGap}; MODEL_FORMAT when the bytes are something else. */
export function decodeGap(bytes: Uint8Array): GapModel {
  const { meta, arrays } = unpackBytes(bytes, kind, gapFormat);
  const numbers = (name: 'context' | 'begins' | 'ends'): ReadonlyMap<string, number> =>
    new Map((meta[name] as string[]).map((key, i) => [key, arrays[name]![i]!]));
  return {
    encoder: encoderFrom(meta['encoder'] as JsonObject, arrays),
    usage: {
      context: numbers('context'),
      booster: boosterFrom(meta['booster'] as JsonObject, arrays, 'booster.'),
      boughtHere: Number(meta['boughtHere']),
    },
    outside: {
      slots: { begins: numbers('begins'), ends: numbers('ends'), usual: Number(meta['usual']) },
      typical: meta['typical'] as number[],
      things: meta['things'] as unknown as OutsideThing[],
      ordinary: meta['ordinary'] as string[],
    },
  };
}
