import { Value } from 'typebox/value';
import { PerennialError } from '../../../contracts/errors.ts';
import { builtIn } from '../../../contracts/serving-configurations.ts';
import { TranslationSettings } from '../../../contracts/translation-settings.ts';
import type { ServingConfigurationRepository } from '../../ports/serving-configurations.ts';
import { findConfiguration } from '../../registry/configurations.ts';

export interface KnownConfiguration {
  readonly configuration: number;
  readonly settings: TranslationSettings;
}

type Stored = Pick<ServingConfigurationRepository, 'get' | 'inForce'>;
const none: Stored = { get: async () => null, inForce: async () => builtIn };
const defaults: KnownConfiguration = { configuration: builtIn, settings: {} };

/** Configurations of translation models as they are served by; read once, since they never change. */
export class KnownConfigurations {
  readonly #configurations: Stored;
  readonly #known = new Map<string, Promise<KnownConfiguration>>();

  /** @param configurations default: none, so that all models are served by what is built in. */
  constructor(configurations: Stored = none) {
    this.#configurations = configurations;
  }

  /**
   * A configuration of a model.
   *
   * @throws NOT_FOUND; MODEL_FORMAT for one with settings that this code does not know.
   */
  of(model: string, configuration: number): Promise<KnownConfiguration> {
    if (configuration === builtIn) return Promise.resolve(defaults);
    return this.#once(`${model}/${configuration}`, () => this.#read(model, configuration));
  }

  /**
   * The configuration in force when it was first asked for, for those who follow no traffic: a document is translated by one.
   * Errors as {@link of}.
   */
  inForce(model: string): Promise<KnownConfiguration> {
    return this.#once(model, async () => this.of(model, await this.#configurations.inForce(model)));
  }

  /** What failed is tried again. */
  #once(key: string, read: () => Promise<KnownConfiguration>): Promise<KnownConfiguration> {
    let known = this.#known.get(key);
    if (known === undefined) {
      known = read();
      this.#known.set(key, known);
      known.catch(() => this.#known.delete(key));
    }
    return known;
  }

  async #read(model: string, configuration: number): Promise<KnownConfiguration> {
    const { settings } = await findConfiguration(this.#configurations, model, configuration);
    if (Value.Check(TranslationSettings, settings)) return { configuration, settings };
    const faults = Value.Errors(TranslationSettings, settings).map(
      ({ instancePath, message }) => `${instancePath.slice(1) || 'settings'} ${message}`,
    );
    throw new PerennialError('MODEL_FORMAT', `Configuration ${configuration} of "${model}": ${faults.join('; ')}.`, {
      remedy: 'Serve it by the code that made it, or roll out another configuration.',
    });
  }
}
