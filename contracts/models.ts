import { type Static, Type } from 'typebox';
import type { ArtifactRef } from './artifacts.ts';
import type { JsonObject } from './json.ts';
import type { Role } from './keys.ts';

const text = (maxLength: number) => Type.String({ maxLength });
const Hash = Type.String({ pattern: '^[0-9a-f]{64}$' });
/** Names of models, and of their files. */
export const ModelName = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$' });
export const AliasName = Type.String({ pattern: '^[a-z][a-z0-9-]{0,40}$' });
export const VersionNumber = Type.Integer({ minimum: 1, maximum: 2_147_483_647 });

/** A file of a version: what it is, and its content in the artifact store. */
export const ModelFile = Type.Object({
  /** Such as `model`, `weights`, `tokenizer`; `model` is the one that is opened first. */
  name: Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$' }),
  uri: text(200),
  sha256: Hash,
  bytes: Type.Integer({ minimum: 0 }),
});
export type ModelFile = Static<typeof ModelFile>;

const Field = Type.Object({
  name: text(100),
  /** Such as `float32`, `text`. */
  type: text(100),
  /** Such as `customers × products`. */
  shape: text(200),
  /** In words, with the unit. */
  means: text(1000),
});

/** What goes into a model and what comes out, for people and for whoever calls it. */
export const ModelSignature = Type.Object({ inputs: Type.Array(Field), outputs: Type.Array(Field) });
export type ModelSignature = Static<typeof ModelSignature>;

const MetricMeaning = Type.Object({
  title: text(200),
  /** Which way is better; null: it only describes. */
  better: Type.Union([Type.Literal('higher'), Type.Literal('lower'), Type.Null()]),
  /** Decimals shown; default 3. */
  digits: Type.Optional(Type.Integer({ minimum: 0, maximum: 10 })),
});
export type MetricMeaning = Static<typeof MetricMeaning>;

/** What the code that made a version says of it. */
export const ModelFacts = Type.Object({
  title: text(200),
  /** What it is meant for, a sentence each. */
  use: Type.Array(text(1000)),
  /** What it is not meant for or cannot do, a sentence each. */
  limits: Type.Array(text(1000)),
  /** The numbers among the metrics, most important first. */
  metrics: Type.Record(Type.String(), MetricMeaning),
});
export type ModelFacts = Static<typeof ModelFacts>;

/** Data that a version has learned from. */
export const TrainedOn = Type.Object({
  /** Dataset of the lake, memory or file. */
  dataset: text(500),
  rows: Type.Integer({ minimum: 0 }),
  /** Changes exactly when the data does. */
  sha256: text(100),
  /** Only what lies before this day, YYYY-MM-DD. */
  asOf: Type.Optional(text(10)),
  /** First and last day in it. */
  from: Type.Optional(text(10)),
  to: Type.Optional(text(10)),
  partitions: Type.Optional(Type.Integer({ minimum: 0 })),
});
export type TrainedOn = Static<typeof TrainedOn>;

/** The code that runs. */
export interface CodeVersion {
  /** Version of the package. */
  readonly version: string;
  /** Commit it was built from; null when the build did not know. */
  readonly commit: string | null;
}

/** Where a version comes from. Pipelines add facts of their own beside these. */
export const ModelLineage = Type.Object({
  pipeline: Type.Optional(text(100)),
  run: Type.Optional(text(200)),
  step: Type.Optional(text(100)),
  /** Only data before this day were used. */
  asOf: Type.Optional(text(10)),
  code: Type.Optional(
    Type.Object({
      version: text(100),
      commit: Type.Union([text(100), Type.Null()]),
      /** Code versions of the pipeline's steps. */
      steps: Type.Record(Type.String(), text(100)),
    }),
  ),
  data: Type.Optional(Type.Array(TrainedOn)),
  params: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  /** Of a version that came in as a file: what it was called where it comes from. */
  imported: Type.Optional(Type.Object({ model: text(200), version: VersionNumber, exportedAt: text(40) })),
});
export type ModelLineage = Static<typeof ModelLineage>;

export const Labels = Type.Record(Type.String(), text(200));
export type Labels = Static<typeof Labels>;

export interface ModelDeletion {
  readonly at: string;
  readonly by: string;
  readonly reason: string;
}

/** One version of a model. Only description, labels and aliases change; everything else is as it was published. */
export interface ModelVersion {
  readonly id: string;
  /** e.g. `offers-next-products`. */
  readonly model: string;
  readonly version: number;
  readonly formatVersion: number;
  /** The file that is opened first; it may name others. */
  readonly artifact: ArtifactRef;
  /** All its files, that one among them. */
  readonly files: readonly ModelFile[];
  readonly signature: ModelSignature | null;
  readonly facts: ModelFacts | null;
  readonly metrics: JsonObject;
  /** Run, step, data (hashes), code and parameters it was made from; see {@link ModelLineage}. */
  readonly lineage: JsonObject;
  /** The run that made it; with model and content it is what a version is known by. */
  readonly runId: string;
  readonly createdAt: string;
  /** What people say of it. */
  readonly description: string;
  readonly labels: Labels;
  readonly aliases: readonly string[];
  /** Since when its files are gone; its record stays for the history. */
  readonly deleted: ModelDeletion | null;
}

/** A change of an alias: which version it pointed at from `at` on, by whom and why. */
export interface AliasChange {
  readonly model: string;
  readonly alias: string;
  /** Null: it was removed. */
  readonly version: number | null;
  readonly at: string;
  readonly by: string;
  readonly reason: string;
  readonly kind: 'set' | 'rollback' | 'remove';
  /** The run that made it, and the retraining decision that this run carried out. */
  readonly runId: string | null;
  readonly decisionId: string | null;
}

/** What an alias pointed at over a time. */
export interface AliasPeriod extends AliasChange {
  /** When the next change came; null: it still holds. */
  readonly until: string | null;
}

/** Answer of `GET /v1/models`. */
export interface ModelList {
  readonly models: readonly ModelVersion[];
  /** Aliases that not everybody may move, with the least role that may; others need an operator. */
  readonly protectedAliases: Readonly<Record<string, Role>>;
}

/** Answer of `GET /v1/models/:model/history`. */
export interface AliasHistory {
  /** Newest first. */
  readonly changes: readonly AliasPeriod[];
  /** The version that each alias would be rolled back to; null: there is none. */
  readonly backTo: Readonly<Record<string, number | null>>;
}

/** What keeps a version from being removed. */
export interface ModelReference {
  readonly kind: 'alias' | 'market' | 'history' | 'run' | 'cache' | 'rollout';
  /** The alias, the market, the run, the rollout or the cached step. */
  readonly id: string;
  /** Why it counts, in words. */
  readonly why: string;
}

/** How long a version served unchanged, and who made it serve. */
export interface ServedPeriod extends Omit<AliasPeriod, 'kind'> {
  /** `rollout`: a step of one; else the change of the alias that did it, or what ended a rollout. */
  readonly kind: AliasChange['kind'] | 'rollout';
  /** The rollout under way at the time; null: none was. */
  readonly rollout: string | null;
}

/** A version that served, at a point in time. */
export interface ServedVersion {
  /** Its record; of one that was deleted since too. */
  readonly version: ModelVersion;
  /** By which it was served; 0: the built-in defaults. */
  readonly configuration: number;
  /** Share of the traffic, more than 0, at most 1. */
  readonly share: number;
  readonly period: ServedPeriod;
}

/** Lists of a market that were in use at a point in time, and the version that made them. */
export interface ServedLists {
  readonly market: string;
  readonly asOf: string;
  readonly runId: string;
  readonly version: number;
  readonly customers: number;
}

/** Answer of `GET /v1/models/:model/served`. */
export interface ServedAnswer {
  readonly model: string;
  readonly alias: string;
  /** As it was asked for: a day, or a time. */
  readonly at: string;
  /** The latest first. */
  readonly served: readonly ServedVersion[];
  /** Where a market was asked for, and had lists. */
  readonly lists: ServedLists | null;
}
