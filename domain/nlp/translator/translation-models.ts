import { randomUUID } from 'node:crypto';
import { PerennialError } from '../../../contracts/errors.ts';
import type { ModelVersion } from '../../../contracts/models.ts';
import type { LanguagePairRecord } from '../../../contracts/translation.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ModelRepository } from '../../ports/models.ts';
import type { TrafficRepository } from '../../ports/traffic.ts';
import { type FollowedTraffic, FollowedVersions, ModelCache, TrafficTable, versionFor } from '../../serving/index.ts';
import { languageFit } from '../formats/languages.ts';
import { estimateServed, keyOf, type LoadOptions, loadServed } from './load-served.ts';
import { isTranslationModel, type LanguagePair, modelNameOf, pairOfName } from './model.ts';
import type { ModelInUse, Trial } from './model-in-use.ts';
import type { ServedModel } from './served-model.ts';
import { Trials } from './trial.ts';

export interface TranslationModelsOptions extends LoadOptions {
  readonly models: ModelRepository;
  /** Says which versions answer whom. Absent: the champion answers all. */
  readonly traffic?: Pick<TrafficRepository, 'list' | 'watch'>;
  readonly clock: Clock;
  /** Memory of all models together, in bytes. */
  readonly limit: number;
  /** Milliseconds after which an alias is looked at again; default 3,000. */
  readonly refreshMs?: number;
  /** Hears why a new version could not be loaded; the old one goes on serving. */
  readonly onFailure?: (model: string, error: unknown) => void;
}

const champion = 'champion';
const prefix = 'translation-';

/**
 * Translation models of the registry, loaded as they are asked for, within a bound of memory. An alias is followed: when
 * it points at another version, that one is loaded while the old one goes on serving, and serves once it is warm.
 */
export class TranslationModels {
  readonly #options: TranslationModelsOptions;
  readonly #cache: ModelCache<ServedModel>;
  readonly #versions: FollowedVersions;
  readonly #refreshMs: number;
  readonly #traffic: TrafficTable | null;
  readonly #trials = new Trials();
  #pairs: { at: number; found: Promise<LanguagePairRecord[]> } | null = null;

  constructor(options: TranslationModelsOptions) {
    this.#options = options;
    this.#refreshMs = options.refreshMs ?? 3000;
    this.#cache = new ModelCache<ServedModel>({
      limit: options.limit,
      load: (key) => loadServed(key, options),
      estimate: (key) => estimateServed(key, options),
    });
    const { models, clock, traffic, onFailure = () => {} } = options;
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
            // Replicas load what they serve; lists of other models are made by runs.
            traffic: {
              list: async () => (await traffic.list()).filter(({ model }) => isTranslationModel(model)),
              watch: (wake) => traffic.watch(wake),
            },
            onFailure,
            prepare: async (model, version) => this.#load(await this.#versions.resolve(model, String(version))),
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
   * @param choice a version, or an alias; default champion, or in a rollout the version that answers the caller.
   * @param options.caller who asks: gets the same version as before. Default: anybody.
   * @throws NOT_FOUND when there is none, UNAVAILABLE when it does not fit into the memory, MODEL_FORMAT, CANCELLED.
   */
  async acquire(
    pair: LanguagePair,
    choice: string = champion,
    {
      signal,
      caller = randomUUID(),
    }: { readonly signal?: AbortSignal | undefined; readonly caller?: string | undefined } = {},
  ): Promise<ModelInUse> {
    const { pair: own, name } = await this.#nameOf(pair, choice);
    const traffic = choice === champion ? ((await this.#traffic?.of(name)) ?? null) : null;
    if (traffic === null) return this.#lease(own, name, choice, signal);
    const version = versionFor(traffic, caller);
    const trial = this.#trialOf(own, traffic, version, signal);
    if (trial === null) return this.#lease(own, name, String(version), signal);
    if (version === trial.base) return { ...(await this.#lease(own, name, String(version), signal)), trial };
    try {
      if (traffic.broken.has(version)) throw unloaded(name, version);
      return { ...(await this.#lease(own, name, String(version), signal)), trial };
    } catch (fault) {
      if (signal?.aborted) throw fault;
      // The caller is answered all the same; the rollout hears of it.
      return { ...(await this.#lease(own, name, String(trial.base), signal)), trial: { ...trial, fault } };
    }
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

  async #lease(pair: LanguagePair, name: string, choice: string, signal?: AbortSignal): Promise<ModelInUse> {
    const version = await this.#versions.resolve(name, choice);
    const lease = await this.#cache.acquire(keyOf(pair, version), signal);
    return { name, version: version.version, served: lease.value, trial: null, release: () => lease.release() };
  }

  /** Of models of other kinds nothing is served here. */
  async #load(version: ModelVersion): Promise<void> {
    const pair = pairOfName(version.model);
    if (pair) (await this.#cache.acquire(keyOf(pair, version))).release();
  }

  #trialOf(pair: LanguagePair, traffic: FollowedTraffic, served: number, signal?: AbortSignal): Trial | null {
    const { model, rollout, routes } = traffic;
    const [base, candidate] = routes;
    if (rollout === null || base === undefined || candidate === undefined) return null;
    const other = served === base.version ? candidate.version : base.version;
    return {
      ...this.#trials.of(rollout),
      base: base.version,
      candidate: candidate.version,
      served: served === base.version ? 'base' : 'candidate',
      fault: null,
      other: () =>
        traffic.broken.has(other)
          ? Promise.reject(unloaded(model, other))
          : this.#lease(pair, model, String(other), signal),
    };
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

function unloaded(model: string, version: number): PerennialError {
  return new PerennialError('MODEL_FORMAT', `Version ${version} of ${model} could not be loaded.`, {
    remedy: 'See the log of the serving process.',
  });
}
