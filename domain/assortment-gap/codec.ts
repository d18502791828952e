import type { JsonObject } from '../../contracts/json.ts';
import { boosterArrays, boosterFrom, boosterMeta } from '../boosting/index.ts';
import { packBytes, unpackBytes } from '../nlp/index.ts';
import type { GapModel } from './gap.ts';
import { encoderFrom, encoderParts } from './word-encoder.ts';

const kind = 'assortment-gap';
const version = 1;

export function encodeGap({ encoder, usage }: GapModel): Uint8Array {
  const parts = encoderParts(encoder);
  const { context, booster, boughtHere } = usage;
  return packBytes({
    kind,
    version,
    meta: { encoder: parts.meta, context: [...context.keys()], booster: boosterMeta(booster), boughtHere },
    arrays: { ...parts.arrays, context: Float32Array.from(context.values()), ...boosterArrays(booster, 'booster.') },
  });
}

/** Reads {@link encodeGap}; MODEL_FORMAT when the bytes are something else. */
export function decodeGap(bytes: Uint8Array): GapModel {
  const { meta, arrays } = unpackBytes(bytes, kind, version);
  const words = meta['context'] as string[];
  return {
    encoder: encoderFrom(meta['encoder'] as JsonObject, arrays),
    usage: {
      context: new Map(words.map((word, i) => [word, arrays['context']![i]!])),
      booster: boosterFrom(meta['booster'] as JsonObject, arrays, 'booster.'),
      boughtHere: Number(meta['boughtHere']),
    },
  };
}
