import type { KnownConfiguration } from './known-configurations.ts';
import type { LanguagePair } from './model.ts';
import { ServedModel, type ServedModelOptions, type ServedModelParts } from './served-model.ts';

/**
 * A model in memory as its configurations serve it: weights and vocabulary are there once; batches are apart, since each configuration says
 * how they are made, and what is computed is told of each.
 */
export class ConfiguredModel {
  readonly #pair: LanguagePair;
  readonly #parts: ServedModelParts;
  readonly #options: ServedModelOptions;
  readonly #served = new Map<number, ServedModel>();

  constructor(pair: LanguagePair, parts: ServedModelParts, options: ServedModelOptions) {
    this.#pair = pair;
    this.#parts = parts;
    this.#options = options;
  }

  by({ configuration, settings: { batchWindowMs, maxBatch } }: KnownConfiguration): ServedModel {
    let served = this.#served.get(configuration);
    if (served === undefined) {
      served = new ServedModel(this.#pair, this.#parts, {
        ...this.#options,
        ...(batchWindowMs === undefined ? {} : { windowMs: batchWindowMs }),
        ...(maxBatch === undefined ? {} : { maxItems: maxBatch }),
      });
      this.#served.set(configuration, served);
    }
    return served;
  }
}
