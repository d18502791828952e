import type { Static, TSchema } from 'typebox';
import type { ArtifactRef } from '../../../contracts/artifacts.ts';
import type { Json } from '../../../contracts/json.ts';
import type { ArtifactStore } from '../../ports/artifacts.ts';
import type { LoadedModel } from '../model-cache.ts';
import type { Graph } from './definition.ts';

/** A model of the registry, and how it comes into memory. */
export interface RegistryModel<M> {
  /** In the registry. */
  readonly name: string;
  /** Version of the form of its artifact that `load` reads; others are refused with MODEL_FORMAT. */
  readonly formatVersion: number;
  load(artifact: ArtifactRef, artifacts: ArtifactStore): Promise<LoadedModel<M>>;
}

/** What the nodes of a served graph have in common. */
export interface PredictionContext<M> {
  /** Loaded, of the versions that answer the request. */
  readonly models: M;
  readonly signal: AbortSignal | undefined;
}

/** A graph that answers requests: `POST /v1/predict/<id>`. */
export interface ServedGraph<Input extends TSchema, M, Output extends Json> {
  readonly title: string;
  /** One sentence for the API's page. */
  readonly description: string;
  /** Checked before the graph runs; give every property its unit. */
  readonly input: Input;
  readonly models: { readonly [Name in keyof M]: RegistryModel<M[Name]> };
  readonly graph: Graph<Static<Input>, PredictionContext<M>, Output>;
  /** How answers are compared in a rollout beside their errors and times. Default: by nothing else. */
  readonly trial?: GraphTrial<Output>;
}

/** Scores of 0 to 1 by name, which gates of rollouts may compare. */
export interface GraphTrial<Output> {
  /** Of an answer alone. */
  readonly scoresOf?: (output: Output) => Readonly<Record<string, number>>;
  /** Of how the answers of two versions agree, that of the caller first. */
  readonly agreementOf?: (own: Output, other: Output) => Readonly<Record<string, number>>;
}

/** A served graph with its types forgotten, as registries hold it. */
export interface AnyServedGraph {
  readonly title: string;
  readonly description: string;
  readonly input: TSchema;
  readonly models: Readonly<Record<string, RegistryModel<unknown>>>;
  readonly graph: Graph<unknown, PredictionContext<Readonly<Record<string, unknown>>>, Json>;
  readonly trial?: GraphTrial<Json>;
}

/** Declares a graph that is served; listed in pipelines/graphs.ts, every serving replica answers it. */
export function serveGraph<Input extends TSchema, M, Output extends Json>(
  served: ServedGraph<Input, M, Output>,
): AnyServedGraph {
  return served as unknown as AnyServedGraph;
}
