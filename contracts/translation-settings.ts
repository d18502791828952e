import { type Static, Type } from 'typebox';
import { defaultThreshold, thresholdBounds, translationLimits } from './translation.ts';

/** What is built in. */
export const translationDefaults = {
  beam: 1,
  memoryThreshold: defaultThreshold,
  enforceTerms: true,
  batchWindowMs: 2,
  maxBatch: 64,
} as const;

/** How a translation model is served; of beam, threshold and terms what a request says goes before it. */
export const TranslationSettings = Type.Object(
  {
    beam: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: translationLimits.beam,
        default: translationDefaults.beam,
        description: 'Hypotheses kept at a time; never fewer than the translations that a request wants.',
      }),
    ),
    memoryThreshold: Type.Optional(
      Type.Number({
        ...thresholdBounds,
        default: translationDefaults.memoryThreshold,
        description: 'Least score of a similar sentence of a memory that is given to the model; 1: exact matches only.',
      }),
    ),
    enforceTerms: Type.Optional(
      Type.Boolean({
        default: translationDefaults.enforceTerms,
        description: 'Whether a sentence is decoded anew, with terms that must appear, where the model misses one.',
      }),
    ),
    batchWindowMs: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1000,
        default: translationDefaults.batchWindowMs,
        description: 'Milliseconds that a sentence waits for company while a thread is free.',
      }),
    ),
    maxBatch: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 256,
        default: translationDefaults.maxBatch,
        description: 'Most sentences that are computed together.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type TranslationSettings = Static<typeof TranslationSettings>;
