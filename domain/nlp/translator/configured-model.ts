import { translationDefaults } from '../../../contracts/translation-settings.ts';
import { special } from '../decoding/index.ts';
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
  readonly #warm = new Set<number>();

  constructor(pair: LanguagePair, parts: ServedModelParts, options: ServedModelOptions) {
    this.#pair = pair;
    this.#parts = parts;
    this.#options = options;
  }

  /** Opens the graphs that a configuration needs, so that its first request is as fast as others. */
  async warmUp({ settings: { beam = translationDefaults.beam } }: KnownConfiguration): Promise<void> {
    if (this.#warm.has(beam)) return;
    await this.#parts.decoder.translate([{ ids: Int32Array.of(special.end) }], { beam });
    this.#warm.add(beam);
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
