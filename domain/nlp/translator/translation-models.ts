import { PerennialError } from '../../../contracts/errors.ts';
import type { ModelVersion } from '../../../contracts/models.ts';
import type { LanguagePairRecord } from '../../../contracts/translation.ts';
import type { ArtifactStore } from '../../ports/artifacts.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ModelRepository } from '../../ports/models.ts';
import { type Lease, type LoadedModel, ModelCache, type SessionThreads } from '../../serving/index.ts';
import { Decoder, type DecoderOptions } from '../decoding/index.ts';
import { languageFit } from '../formats/languages.ts';
import { type LanguagePair, loadManifest, loadTranslationModel, modelNameOf } from './model.ts';
import { ServedModel, type ServedModelOptions } from './served-model.ts';

export interface TranslationModelsOptions extends ServedModelOptions {
  readonly models: ModelRepository;
  readonly artifacts: ArtifactStore;
  /** Called when the first model is loaded. */
  readonly threads: () => SessionThreads;
  readonly clock: Clock;
  /** Memory of all models together, in bytes. */
  readonly limit: number;
  /** Default int8. */
  readonly precision?: NonNullable<DecoderOptions['precision']>;
  /** Milliseconds after which an alias is looked at again; default 3,000. */
  readonly refreshMs?: number;
  /** Hears why a new version could not be loaded; the old one goes on serving. */
  readonly onFailure?: (model: string, error: unknown) => void;
}

/** A model in use. */
export interface ModelInUse {
  readonly name: string;
  readonly version: number;
  readonly served: ServedModel;
  /** To be called when it is no longer needed; may be called more than once. */
  release(): void;
}

interface Followed {
  version: ModelVersion;
  checkedAt: number;
  /** A look at the alias under way. */
  looking: Promise<void> | null;
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
  readonly #followed = new Map<string, Followed>();
  readonly #finding = new Map<string, Promise<ModelVersion>>();
  readonly #refreshMs: number;
  #pairs: { at: number; found: Promise<LanguagePairRecord[]> } | null = null;

  constructor(options: TranslationModelsOptions) {
    this.#options = options;
    this.#refreshMs = options.refreshMs ?? 3000;
    this.#cache = new ModelCache<ServedModel>({
      limit: options.limit,
      load: (key) => this.#load(key),
      estimate: (key) => this.#estimate(key),
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
   * @param choice a version, or an alias; default champion.
   * @throws NOT_FOUND when there is none, UNAVAILABLE when it does not fit into the memory, MODEL_FORMAT, CANCELLED.
   */
  async acquire(pair: LanguagePair, choice: string = champion, signal?: AbortSignal): Promise<ModelInUse> {
    const { pair: own, name } = await this.#nameOf(pair, choice);
    const version = await this.#resolve(name, choice);
    const lease = await this.#cache.acquire(keyOf(own, version), signal);
    return { name, version: version.version, served: lease.value, release: () => lease.release() };
  }

  /** Name and version that {@link acquire} would give. NOT_FOUND when there is none. */
  async find(pair: LanguagePair, choice: string = champion): Promise<Pick<ModelInUse, 'name' | 'version'>> {
    const { name } = await this.#nameOf(pair, choice);
    return { name, version: (await this.#resolve(name, choice)).version };
  }

  /** Memory of the models loaded, in bytes. */
  get bytes(): number {
    return this.#cache.bytes;
  }

  /** Frees all models once they are not in use. */
  close(): Promise<void> {
    return this.#cache.close();
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

  async #resolve(name: string, choice: string): Promise<ModelVersion> {
    const key = `${name}@${choice}`;
    const now = this.#options.clock.now().getTime();
    const followed = this.#followed.get(key);
    if (followed === undefined) {
      const version = await this.#find(name, choice);
      this.#followed.set(key, { version, checkedAt: now, looking: null });
      return version;
    }
    if (now - followed.checkedAt >= this.#refreshMs && followed.looking === null) {
      followed.checkedAt = now;
      followed.looking = this.#look(key, name, choice, followed).finally(() => {
        followed.looking = null;
      });
    }
    return followed.version;
  }

  /** Looks where an alias points now; a new version takes over once it is loaded. */
  async #look(key: string, name: string, choice: string, followed: Followed): Promise<void> {
    try {
      const found = await this.#ask(name, choice);
      if (found === null) this.#followed.delete(key);
      else if (found.version !== followed.version.version) {
        const pair = pairOfName(name);
        if (pair) {
          const lease: Lease<ServedModel> = await this.#cache.acquire(keyOf(pair, found));
          lease.release();
        }
        followed.version = found;
      }
    } catch (error) {
      this.#options.onFailure?.(name, error);
    }
  }

  /** A version out of the registry; those asked for at the same time are asked once. */
  #find(name: string, choice: string): Promise<ModelVersion> {
    const key = `${name}@${choice}`;
    let finding = this.#finding.get(key);
    if (finding === undefined) {
      finding = this.#ask(name, choice).then((found) => {
        if (found) return found;
        throw new PerennialError(
          'NOT_FOUND',
          `The model ${name} has no ${/^\d+$/.test(choice) ? 'version' : 'alias'} "${choice}".`,
          {
            fields: [{ field: 'model', value: choice, message: 'is neither a version nor an alias of it' }],
            remedy: `\`perennial models ls ${name}\` lists its versions and aliases.`,
          },
        );
      });
      this.#finding.set(key, finding);
      finding.catch(() => {}).finally(() => this.#finding.delete(key));
    }
    return finding;
  }

  #ask(name: string, choice: string): Promise<ModelVersion | null> {
    const { models } = this.#options;
    return /^\d+$/.test(choice) ? models.get(name, Number(choice)) : models.byAlias(name, choice);
  }

  async #load(key: string): Promise<LoadedModel<ServedModel>> {
    const { pair, artifact } = JSON.parse(key) as Key;
    const { artifacts, precision = 'int8', maxWaiting, maxWaitMs, windowMs } = this.#options;
    const threads = this.#options.threads();
    const { concurrency = threads.count } = this.#options;
    const file = await loadTranslationModel(artifacts, artifact);
    // Kept until the first graph is built, then read again for others, which are rare.
    let held: typeof file.weights | null = file.weights;
    const decoder = new Decoder(
      {
        shape: file.shape,
        weights: async () => held ?? (await loadTranslationModel(artifacts, artifact)).weights,
      },
      threads,
      { precision },
    );
    await decoder.warmUp();
    held = null;
    const direction = file.pairs.find(({ source, target }) => source === pair.source && target === pair.target);
    const served = new ServedModel(
      direction ?? pair,
      { subwords: file.subwords, decoder, pairs: file.pairs, aligner: file.aligner },
      {
        concurrency,
        ...(maxWaiting === undefined ? {} : { maxWaiting }),
        ...(maxWaitMs === undefined ? {} : { maxWaitMs }),
        ...(windowMs === undefined ? {} : { windowMs }),
      },
    );
    const room = file.subwords.size * bytesPerSubword + (file.aligner?.bytes ?? 0);
    return {
      value: served,
      bytes: () => decoder.bytes + room,
      dispose: () => decoder.release(),
    };
  }

  /** int8 graphs have a byte a weight, and stand in memory twice in each thread. */
  async #estimate(key: string): Promise<number> {
    const { artifact } = JSON.parse(key) as Key;
    const { weights, aligner } = await loadManifest(this.#options.artifacts, artifact);
    const share = this.#options.precision === 'float32' ? 1 : 0.25;
    return weights.bytes * share * 2 * this.#options.threads().count + (aligner?.bytes ?? 0) * alignerGrowth;
  }
}

/** Of the maps of a vocabulary, estimated. */
const bytesPerSubword = 600;
/** Memory of an aligner over its bytes at rest, at most: the tables in which it finds pairs are a quarter full or more. */
const alignerGrowth = 5;

interface Key {
  readonly pair: LanguagePair;
  readonly artifact: ModelVersion['artifact'];
}

function keyOf({ source, target }: LanguagePair, { artifact }: ModelVersion): string {
  return JSON.stringify({ pair: { source, target }, artifact });
}

/** The pair of a model's name, `translation-en-pt-BR`: both parts are language tags, the second one begins in lower case. */
function pairOfName(name: string): LanguagePair | null {
  const match =
    /^translation-([a-z]{2,3}(?:-[A-Z0-9][A-Za-z0-9]{1,7})*)-([a-z]{2,3}(?:-[A-Z0-9][A-Za-z0-9]{1,7})*)$/.exec(name);
  return match ? { source: match[1] as string, target: match[2] as string } : null;
}
