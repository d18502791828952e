import { randomUUID } from 'node:crypto';
import { PerennialError, toErrorInfo } from '../../contracts/errors.ts';
import type { Json } from '../../contracts/json.ts';
import type { ModelVersion } from '../../contracts/models.ts';
import type { PredictionAnswer, PredictionOptions } from '../../contracts/predictions.ts';
import type { Comparison } from '../../contracts/rollouts.ts';
import type { NodeTiming } from '../../contracts/serving.ts';
import { builtIn } from '../../contracts/serving-configurations.ts';
import type { ServingVariant } from '../../contracts/traffic.ts';
import type { ArtifactStore } from '../ports/artifacts.ts';
import type { Clock } from '../ports/clock.ts';
import type { ModelRepository } from '../ports/models.ts';
import type { TrafficRepository } from '../ports/traffic.ts';
import type { BackgroundWriter } from './background-writer.ts';
import { ConcurrencyLimit } from './concurrency-limit.ts';
import { FollowedVersions } from './followed-versions.ts';
import { type AnyServedGraph, type RegistryModel, runGraph } from './graph/index.ts';
import { ModelCache } from './model-cache.ts';
import type { ServingObserver } from './observer.ts';
import { variantFor } from './split.ts';
import { TrafficTable } from './traffic-table.ts';
import { leaseInTrial, runInTrial, Trials, type TriedModel } from './trial.ts';
import { warmUp } from './warm-up.ts';

export interface PredictionCall {
  /** Fires when nobody wants the answer any more. */
  readonly signal?: AbortSignal;
  /** Who asks: gets the same variant as before in a rollout. Default: anybody. */
  readonly caller?: string;
  /** Of the request; default: a new one. */
  readonly requestId?: string;
}

/** Predictions of the inference graphs that are served. */
export interface PredictionService {
  /**
   * Runs a graph.
   *
   * @param input fits the graph's schema.
   * @throws NOT_FOUND for a graph, version or alias that is not there; MODEL_FORMAT; RATE_LIMITED (OverloadError) when too
   * much waits; UNAVAILABLE when the models do not fit into the memory; CANCELLED; what its nodes throw.
   */
  predict(graph: string, input: unknown, options?: PredictionOptions, call?: PredictionCall): Promise<PredictionAnswer>;
}

export interface PredictionsOptions {
  readonly graphs: ReadonlyMap<string, AnyServedGraph>;
  readonly models: Pick<ModelRepository, 'get' | 'byAlias'>;
  readonly artifacts: ArtifactStore;
  /** Says which versions answer whom. Absent: champions answer all. */
  readonly traffic?: Pick<TrafficRepository, 'list' | 'watch'>;
  /** Keeps what rollouts compare. Absent: nothing is kept. */
  readonly comparisons?: Pick<BackgroundWriter<Comparison>, 'add'>;
  readonly clock: Clock;
  /** Memory of all models together, in bytes. */
  readonly bytes: number;
  readonly observer?: ServingObserver;
  /** Hears which models could not be loaded. */
  readonly onFailure?: (model: string, error: unknown) => void;
  /** Milliseconds after which an alias is looked at again; default 3,000. */
  readonly refreshMs?: number;
}

/** Requests computed at a time. */
const mostAtATime = 4;
const champion = 'champion';

interface InUse extends TriedModel<InUse> {
  readonly version: ModelVersion;
  readonly value: unknown;
}

/** Runs served graphs in this process, with models of the registry that are loaded as they are asked for. */
export class Predictions implements PredictionService {
  readonly #options: PredictionsOptions;
  readonly #loaders: ReadonlyMap<string, RegistryModel<unknown>>;
  readonly #cache: ModelCache<unknown>;
  readonly #versions: FollowedVersions;
  readonly #traffic: TrafficTable | null;
  readonly #trials = new Trials();
  readonly #limit = new ConcurrencyLimit({ most: mostAtATime });

  constructor(options: PredictionsOptions) {
    this.#options = options;
    const { models, clock, onFailure, refreshMs } = options;
    this.#loaders = new Map(
      [...options.graphs.values()]
        .flatMap((served) => Object.values(served.models))
        .map((model) => [model.name, model]),
    );
    this.#cache = new ModelCache({ limit: options.bytes, load: (key) => this.#load(JSON.parse(key) as ModelVersion) });
    this.#versions = new FollowedVersions({
      models,
      clock,
      prepare: async (version) => (await this.#cache.acquire(keyOf(version))).release(),
      ...(onFailure && { onFailure }),
      ...(refreshMs === undefined ? {} : { refreshMs }),
    });
    const { traffic } = options;
    this.#traffic =
      traffic === undefined
        ? null
        : new TrafficTable({
            traffic,
            onFailure: onFailure ?? (() => {}),
            serves: (model) => this.#loaders.has(model),
            prepare: async (model, { version }) => (await this.#lease(model, String(version))).release(),
          });
  }

  async predict(
    graph: string,
    input: unknown,
    { model = champion, timings = false }: PredictionOptions = {},
    call: PredictionCall = {},
  ): Promise<PredictionAnswer> {
    const { signal } = call;
    const served = this.#options.graphs.get(graph);
    if (served === undefined) {
      throw new PerennialError('NOT_FOUND', `There is no inference graph "${graph}".`, {
        remedy: `There are ${[...this.#options.graphs.keys()].join(', ') || 'none'}.`,
      });
    }
    const leave = await this.#limit.enter(signal);
    const began = performance.now();
    const used = new Map<string, InUse>();
    const told = (outcome: string): void => this.#tell(graph, served, used, outcome, performance.now() - began);
    let compared = Promise.resolve();
    try {
      for (const [name, wanted] of Object.entries(served.models)) used.set(name, await this.#use(wanted, model, call));
      let nodes: NodeTiming[] = [];
      const compute = (by: ReadonlyMap<string, InUse>, isAsked: boolean): Promise<Json> => {
        const own: NodeTiming[] = [];
        if (isAsked) nodes = own;
        const models = Object.fromEntries([...by].map(([name, { value }]) => [name, value]));
        return runGraph(served.graph, input, { models, signal: isAsked ? signal : undefined }, (timing) =>
          own.push(timing),
        );
      };
      // Of several models in rollouts one is tried at a time, or nobody could tell which one it was.
      const [name, tried] = [...used].find(([, inUse]) => inUse.trial !== null) ?? [];
      let output: Json;
      if (name === undefined || tried === undefined) output = await compute(used, true);
      else {
        const run = await runInTrial(tried, (by, isAsked) => compute(new Map([...used, [name, by]]), isAsked), {
          ...served.trial,
          now: () => performance.now(),
          date: () => this.#options.clock.now(),
          requestId: call.requestId,
          record: (comparison) => this.#options.comparisons?.add(comparison),
        });
        used.set(name, run.model);
        ({ result: output, compared } = run);
      }
      told('ok');
      for (const { node, ms } of nodes) {
        for (const { version } of used.values())
          this.#options.observer?.node({ graph, ...servedOf(version) }, node, ms);
      }
      return {
        output,
        models: [...used.values()].map(({ version }) => ({ name: version.model, version: version.version })),
        milliseconds: Math.round(performance.now() - began),
        ...(timings ? { timings: nodes } : {}),
      };
    } catch (error) {
      told(toErrorInfo(error).code);
      throw error;
    } finally {
      // The other models of the graph are needed until it is compared.
      void compared.then(() => {
        for (const inUse of used.values()) inUse.release();
      });
      leave();
    }
  }

  /** Loads the champions of all graphs, as far as the memory goes. What cannot be loaded is told and left out. */
  async warmUp(signal?: AbortSignal): Promise<void> {
    await warmUp(this.#loaders.values(), {
      limit: this.#options.bytes,
      bytes: () => this.#cache.bytes,
      load: async (wanted) => (await this.#use(wanted, champion, { ...(signal && { signal }) })).release(),
      failed: ({ name }, error) => {
        // A model that is not trained yet is no fault.
        const isMissing = error instanceof PerennialError && error.code === 'NOT_FOUND';
        if (!isMissing) this.#options.onFailure?.(name, error);
      },
      signal,
    });
  }

  /** Frees all models once they are not in use. */
  async close(): Promise<void> {
    await this.#traffic?.close();
    await this.#cache.close();
  }

  async #use({ name }: RegistryModel<unknown>, choice: string, call: PredictionCall): Promise<InUse> {
    const { signal, caller = randomUUID() } = call;
    const traffic = choice === champion ? ((await this.#traffic?.of(name)) ?? null) : null;
    if (traffic === null) return this.#lease(name, choice, signal);
    const lease = (variant: ServingVariant) => this.#lease(name, String(variant.version), signal);
    const variant = variantFor(traffic, caller);
    return leaseInTrial(traffic, variant, this.#trials.of(traffic, variant, lease), lease, signal);
  }

  async #lease(name: string, choice: string, signal?: AbortSignal): Promise<InUse> {
    const version = await this.#versions.resolve(name, choice);
    const lease = await this.#cache.acquire(keyOf(version), signal);
    return { version, value: lease.value, trial: null, release: () => lease.release() };
  }

  async #load({ model, version, formatVersion, artifact }: ModelVersion) {
    const loader = this.#loaders.get(model) as RegistryModel<unknown>;
    if (formatVersion === loader.formatVersion) return loader.load(artifact, this.#options.artifacts);
    throw new PerennialError(
      'MODEL_FORMAT',
      `Version ${version} of ${model} has the format ${formatVersion}; this code reads ${loader.formatVersion}.`,
      { remedy: 'Train it again with this version of the software.' },
    );
  }

  #tell(graph: string, served: AnyServedGraph, used: ReadonlyMap<string, InUse>, outcome: string, ms: number): void {
    for (const [name, { name: model }] of Object.entries(served.models)) {
      const version = used.get(name)?.version;
      const found = version ? servedOf(version) : { model, version: null, configuration: null };
      this.#options.observer?.request({ graph, ...found }, outcome, ms);
    }
  }
}

/** Graphs have no configurations of their own. */
const servedOf = ({ model, version }: ModelVersion) => ({ model, version, configuration: builtIn });

function keyOf({ model, version, formatVersion, artifact }: ModelVersion): string {
  return JSON.stringify({ model, version, formatVersion, artifact });
}
