import { randomUUID } from 'node:crypto';
import { PerennialError } from '../../../contracts/errors.ts';
import type { ModelVersion } from '../../../contracts/models.ts';
import { builtIn } from '../../../contracts/serving-configurations.ts';
import type { ServingVariant, TrafficRecord } from '../../../contracts/traffic.ts';
import type { LanguagePairRecord } from '../../../contracts/translation.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ModelRepository } from '../../ports/models.ts';
import type { ServingConfigurationRepository } from '../../ports/serving-configurations.ts';
import type { TrafficRepository } from '../../ports/traffic.ts';
import { FollowedVersions, leaseInTrial, ModelCache, TrafficTable, Trials, variantFor } from '../../serving/index.ts';
import { languageFit } from '../formats/languages.ts';
import type { ConfiguredModel } from './configured-model.ts';
import { type KnownConfiguration, KnownConfigurations } from './known-configurations.ts';
import { estimateServed, keyOf, type LoadOptions, loadServed } from './load-served.ts';
import { isTranslationModel, type LanguagePair, modelNameOf, pairOfName } from './model.ts';
import type { ModelInUse, RoutedModel } from './model-in-use.ts';

export interface TranslationModelsOptions extends LoadOptions {
  readonly models: ModelRepository;
  /** Says which variants answer whom. Absent: the champion answers all. */
  readonly traffic?: Pick<TrafficRepository, 'list' | 'watch'>;
  /** By which models are served. Absent: by what is built in. */
  readonly configurations?: Pick<ServingConfigurationRepository, 'get' | 'inForce'>;
  readonly clock: Clock;
  /** Memory of all models together, in bytes. */
  readonly limit: number;
  /** Milliseconds after which an alias is looked at again; default 3,000. */
  readonly refreshMs?: number;
  /** Hears why a new version could not be loaded; the old one goes on serving. */
  readonly onFailure?: (model: string, error: unknown) => void;
}

export interface RouteOptions {
  readonly signal?: AbortSignal | undefined;
  readonly caller?: string | undefined;
}

const champion = 'champion';
const prefix = 'translation-';

/**
 * Translation models of the registry, loaded as they are asked for, within a bound of memory. An alias is followed: when
 * it points at another version, that one is loaded while the old one goes on serving, and serves once it is warm.
 */
export class TranslationModels {
  readonly #options: TranslationModelsOptions;
  readonly #cache: ModelCache<ConfiguredModel>;
  readonly #configurations: KnownConfigurations;
  readonly #versions: FollowedVersions;
  readonly #refreshMs: number;
  readonly #traffic: TrafficTable | null;
  readonly #trials = new Trials();
  #pairs: { at: number; found: Promise<LanguagePairRecord[]> } | null = null;

  constructor(options: TranslationModelsOptions) {
    this.#options = options;
    this.#refreshMs = options.refreshMs ?? 3000;
    this.#cache = new ModelCache<ConfiguredModel>({
      limit: options.limit,
      load: (key) => loadServed(key, options),
      estimate: (key) => estimateServed(key, options),
    });
    const { models, clock, traffic, configurations, onFailure = () => {} } = options;
    this.#configurations = new KnownConfigurations(configurations);
    this.#versions = new FollowedVersions({
      models,
      clock,
      onFailure,
      refreshMs: this.#refreshMs,
      prepare: (version) => this.#load(version),
    });
    this.#traffic =
      traffic === undefined
        ? null
        : new TrafficTable({
            traffic,
            onFailure,
            serves: isTranslationModel,
            prepare: async (model, { version, configuration }) => {
              const known = await this.#configurations.of(model, configuration);
              await this.#load(await this.#versions.resolve(model, String(version)), known);
            },
          });
  }

  /** Pairs whose model has a champion, by their codes. Looked at every few seconds. */
  pairs(): Promise<LanguagePairRecord[]> {
    const now = this.#options.clock.now().getTime();
    if (this.#pairs === null || now - this.#pairs.at >= this.#refreshMs) {
      const found = this.#readPairs();
      this.#pairs = { at: now, found };
      found.catch(() => {
        this.#pairs = null;
      });
    }
    return this.#pairs.found;
  }

  /**
   * The model of a pair. A pair of regions (`en-US` to `de`) is served by the model of the languages where it has none.
   *
   * @param choice a version, or an alias, which is served by the configuration in force; default champion, or in a rollout the variant
   * that answers the caller.
   * @param options.caller who asks: gets the same variant as before. Default: anybody.
   * @throws NOT_FOUND when there is none, UNAVAILABLE when it does not fit into the memory, MODEL_FORMAT, CANCELLED.
   */
  async acquire(pair: LanguagePair, choice?: string, options?: RouteOptions): Promise<ModelInUse> {
    return (await this.route(pair, choice, options)).acquire();
  }

  /**
   * What {@link acquire} would give, before it is loaded.
   *
   * @throws NOT_FOUND when there is none.
   */
  async route(
    pair: LanguagePair,
    choice: string = champion,
    { signal, caller = randomUUID() }: RouteOptions = {},
  ): Promise<RoutedModel> {
    const { pair: own, name } = await this.#nameOf(pair, choice);
    const traffic = (await this.#traffic?.of(name)) ?? null;
    if (traffic === null || choice !== champion) {
      const known = await this.#inForce(name, traffic);
      return { settings: [known.settings], acquire: () => this.#lease(own, name, choice, known, signal) };
    }
    const variant = variantFor(traffic, caller);
    const lease = (wanted: ServingVariant) => this.#leaseVariant(own, name, wanted, signal);
    const trial = this.#trials.of(traffic, variant, lease);
    const mayAnswer = trial === null ? [variant] : [trial.base, trial.candidate];
    // What cannot be read fails when it is acquired, and counts there.
    const settings = await Promise.all(
      mayAnswer.map(({ configuration }) =>
        this.#configurations.of(name, configuration).then(
          (known) => known.settings,
          () => ({}),
        ),
      ),
    );
    return { settings, acquire: () => leaseInTrial(traffic, variant, trial, lease, signal) };
  }

  /** Name and version that {@link acquire} would give. NOT_FOUND when there is none. */
  async find(pair: LanguagePair, choice: string = champion): Promise<Pick<ModelInUse, 'name' | 'version'>> {
    const { name } = await this.#nameOf(pair, choice);
    return { name, version: (await this.#versions.resolve(name, choice)).version };
  }

  /** Memory of the models loaded, in bytes. */
  get bytes(): number {
    return this.#cache.bytes;
  }

  /** Frees all models once they are not in use. */
  async close(): Promise<void> {
    await this.unfollow();
    await this.#cache.close();
  }

  /** Hears of changes of the traffic no longer. */
  async unfollow(): Promise<void> {
    await this.#traffic?.close();
  }

  /** The configuration by which versions are served that somebody asks for by name. */
  #inForce(name: string, traffic: TrafficRecord | null): Promise<KnownConfiguration> {
    if (this.#traffic === null) return this.#configurations.inForce(name);
    return this.#configurations.of(name, traffic?.routes[0]?.configuration ?? builtIn);
  }

  async #lease(
    pair: LanguagePair,
    name: string,
    choice: string,
    known: KnownConfiguration,
    signal?: AbortSignal,
  ): Promise<ModelInUse> {
    const version = await this.#versions.resolve(name, choice);
    const lease = await this.#cache.acquire(keyOf(pair, version), signal);
    const inUse = { name, version: version.version, ...known, served: lease.value.by(known) };
    return { ...inUse, trial: null, release: () => lease.release() };
  }

  async #leaseVariant(
    pair: LanguagePair,
    model: string,
    variant: ServingVariant,
    signal?: AbortSignal,
  ): Promise<ModelInUse> {
    const known = await this.#configurations.of(model, variant.configuration);
    return this.#lease(pair, model, String(variant.version), known, signal);
  }

  /** Of models of other kinds nothing is served here. */
  async #load(version: ModelVersion, known?: KnownConfiguration): Promise<void> {
    const pair = pairOfName(version.model);
    if (pair) await this.#cache.use(keyOf(pair, version), async (model) => known && model.warmUp(known));
  }

  async #readPairs(): Promise<LanguagePairRecord[]> {
    const versions = await this.#options.models.list();
    const pairs: LanguagePairRecord[] = [];
    for (const { model, version, aliases } of versions) {
      if (!model.startsWith(prefix) || !aliases.includes(champion)) continue;
      const pair = pairOfName(model);
      if (pair) pairs.push({ ...pair, model, version });
    }
    return pairs.sort((a, b) => (a.model < b.model ? -1 : 1));
  }

  async #nameOf(pair: LanguagePair, choice: string): Promise<{ pair: LanguagePair; name: string }> {
    const name = modelNameOf(pair);
    const pairs = await this.pairs();
    if (pairs.some(({ model }) => model === name)) return { pair, name };
    const fitOf = (other: LanguagePair) =>
      Math.min(languageFit(other.source, pair.source), languageFit(other.target, pair.target));
    const [best] = pairs.filter((other) => fitOf(other) > 0);
    if (best) return { pair: { source: best.source, target: best.target }, name: best.model };
    // It may have versions but no champion.
    if (choice !== champion) return { pair, name };
    const known = pairs.map(({ source, target }) => `${source}-${target}`).join(', ');
    throw new PerennialError('NOT_FOUND', `There is no model that translates ${pair.source} to ${pair.target}.`, {
      fields: [{ field: 'target', value: pair.target, message: `has no model from ${pair.source}` }],
      remedy:
        known === ''
          ? `Train one: \`perennial train translation --pair ${pair.source}-${pair.target}\`.`
          : `Choose one of these: ${known}.`,
    });
  }
}
