import { type Static, type TSchema, Type } from 'typebox';
import { PromoteParam } from '../../contracts/promotion.ts';

const Artifact = Type.Object({ uri: Type.String(), sha256: Type.String(), bytes: Type.Integer() });
const OrNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);

export const ValidateOutput = Type.Object({
  asOf: Type.String(),
  newest: Type.String(),
  ageDays: Type.Integer(),
  partitions: Type.Integer(),
  /** Over the sales before `asOf`: changes exactly when they do. */
  sha256: Type.String(),
  warnings: Type.Array(Type.String()),
});

/** The cleaned tables a run works on, as Parquet artifacts. */
export const TablesOutput = Type.Object({
  asOf: Type.String(),
  rows: Type.Integer(),
  customers: Type.Integer(),
  products: Type.Integer(),
  markets: Type.Array(Type.String()),
  firstDate: Type.String(),
  lastDate: Type.String(),
  tables: Type.Object({ sales: Artifact, customers: Artifact, products: Artifact, interactions: Artifact }),
});
export type TablesOutput = Static<typeof TablesOutput>;

export const TrainingPlanOutput = Type.Object({
  train: Type.Boolean(),
  reason: Type.String(),
  /** The retraining decision that the training carries out. */
  decision: Type.Optional(OrNull(Type.String())),
  /** How that decision lets the version take over. */
  promote: Type.Optional(PromoteParam),
  /** First day of the held-out part. */
  holdoutFrom: Type.String(),
  horizonDays: Type.Integer(),
});

export const VectorsOutput = Type.Object({ vectors: Artifact });
export const RankerOutput = Type.Object({ ranker: Artifact });
/** The ranker that serves, with the mean scores of its lists. */
export const ServingRankerOutput = Type.Object({
  ranker: Artifact,
  levels: Type.Object({ all: Type.Number(), fresh: Type.Number() }),
});

const Scores = Type.Object({
  ndcg: Type.Number(),
  recall: Type.Number(),
  hit: Type.Number(),
  customers: Type.Integer(),
});
const Interval = Type.Object({ mean: Type.Number(), lower95: Type.Number(), upper95: Type.Number() });

const Head = Type.Object({
  odds: Type.Object({ intercept: Type.Number(), weights: Type.Array(Type.Number()) }),
  spendScale: Type.Number(),
});
const Bin = Type.Object({ rows: Type.Integer(), predicted: Type.Number(), observed: Type.Number() });
const JudgedMarket = Type.Object({
  expected: Type.Number(),
  realised: Type.Number(),
  /** Absent in what was judged before markets had one of their own. */
  calibrationError: Type.Optional(Type.Number()),
});
const Lift = Type.Object({
  customers: Type.Integer(),
  hits: Type.Integer(),
  popularityHits: Type.Integer(),
  frequencyHits: OrNull(Type.Integer()),
  overPopularity: OrNull(Interval),
  overFrequency: OrNull(Interval),
});
/** Lists judged on the days held out, customers that bought nothing among them. */
const JudgedLists = Type.Object({
  rows: Type.Integer(),
  bought: Type.Integer(),
  calibrationError: Type.Number(),
  bins: Type.Array(Bin),
  /** Revenue of the listed products, in units of the currency. */
  expected: Type.Number(),
  realised: Type.Number(),
  markets: Type.Record(Type.String(), JudgedMarket),
  spendScale: Type.Number(),
  /** Against lists that need no model. */
  lift: Type.Object({
    ...Lift.properties,
    markets: Type.Record(Type.String(), Lift),
    deciles: Type.Array(
      Type.Object({
        decile: Type.Integer(),
        rows: Type.Integer(),
        predicted: Type.Number(),
        observed: Type.Number(),
        lift: OrNull(Interval),
      }),
    ),
  }),
});
export type JudgedLists = Static<typeof JudgedLists>;

export const EvaluateOutput = Type.Object({
  all: Scores,
  fresh: Scores,
  baselines: Type.Object({ personalFrequency: Scores, popularity: Scores, popularityFresh: Scores }),
  markets: Type.Record(Type.String(), Type.Object({ all: Scores, fresh: Scores })),
  /** Ours minus the champion's, per customer; null without a champion. */
  againstChampion: Type.Union([Interval, Type.Null()]),
  /** Version of the champion at that time. */
  champion: Type.Optional(OrNull(Type.Integer())),
  againstFrequency: Interval,
  /** Days from holdoutFrom to before asOf. */
  holdoutFrom: Type.String(),
  horizonDays: Type.Integer(),
  /** What turns scores into probabilities and amounts; carried with the model. */
  forecast: Type.Object({ horizonDays: Type.Integer(), all: Head, fresh: Head }),
  lists: Type.Object({ all: JudgedLists, fresh: JudgedLists }),
});
export type EvaluateOutput = Static<typeof EvaluateOutput>;

export const ProfileOutput = Type.Object({
  /** Of the sales that the model learns from; null without any in the weeks before. */
  profile: OrNull(Artifact),
  rows: Type.Integer(),
});

export const MonitorOutput = Type.Object({
  /** Version that the sales and lists were compared with; null without one. */
  modelVersion: OrNull(Type.Integer()),
  /** Columns compared with the training data, and those that have drifted beyond chance. */
  columns: Type.Integer(),
  drifted: Type.Integer(),
  /** What is wrong with the data, errors first; a sentence each. */
  findings: Type.Array(Type.String()),
  /** Why something was not looked at; a sentence each. */
  left: Type.Array(Type.String()),
});

export const PublishOutput = Type.Object({
  version: Type.Integer(),
  promoted: Type.Boolean(),
  reason: Type.String(),
  /** The rollouts that bring it in, one of each market. */
  rollouts: Type.Optional(Type.Array(Type.String())),
});

/** Rollouts of the model as they stand after what customers have bought; each of a market, which two versions make lists of. */
export const JudgedRolloutsOutput = Type.Object({
  /** Pairs that came in: of lists, and of customers that bought. */
  pairs: Type.Integer(),
  /** The version that has become champion, since it makes the lists of all markets. */
  champion: OrNull(Type.Integer()),
  compared: Type.Array(
    Type.Object({
      market: Type.String(),
      rollout: Type.String(),
      step: Type.Integer(),
      base: Type.Integer(),
      candidate: Type.Integer(),
    }),
  ),
});
export const ComparedRollout = JudgedRolloutsOutput.properties.compared.items;
export type ComparedRollout = Static<typeof ComparedRollout>;

const ListingVersion = Type.Object({ version: Type.Integer(), artifact: Artifact });
/** The version that lists are made with; of markets that have one of their own, by market. */
export const ServingModelOutput = Type.Object({
  ...ListingVersion.properties,
  markets: Type.Optional(Type.Record(Type.String(), ListingVersion)),
});

/** Lists of the version that doesn't make those of the market; null: none were made. */
export const ComparedListsOutput = Type.Object({ version: OrNull(Type.Integer()), customers: Type.Integer() });

export const DeliverOutput = Type.Object({ rows: Type.Integer() });

export const PredictOutput = Type.Object({
  /** The lists as a Parquet file. */
  lists: Artifact,
  customers: Type.Integer(),
  products: Type.Integer(),
  modelVersion: Type.Integer(),
  shareNew: Type.Number(),
  horizonDays: Type.Integer(),
  /** Of the lists of all products, within the horizon. */
  expectedRevenue: Type.Number(),
  top: Type.Array(Type.Object({ productId: Type.String(), description: Type.String(), customers: Type.Integer() })),
  topNew: Type.Array(Type.Object({ productId: Type.String(), description: Type.String(), customers: Type.Integer() })),
});

export type PredictOutput = Static<typeof PredictOutput>;

export const DecideOutput = Type.Object({ decisionId: Type.String(), verdict: Type.String(), summary: Type.String() });

const ResponseEvaluation = Type.Object({
  offers: Type.Integer(),
  auc: Type.Union([Type.Number(), Type.Null()]),
  calibrationError: Type.Number(),
  bins: Type.Array(Bin),
  /** Null when too few offers were held out at random. */
  uplift: Type.Union([
    Type.Object({
      offered: Type.Integer(),
      heldOut: Type.Integer(),
      all: Type.Number(),
      topDecile: Interval,
      qini: Interval,
      /** Of the rule that goes by who is likeliest to buy anyway. */
      qiniUntargeted: Type.Number(),
      curve: Type.Array(Type.Object({ share: Type.Number(), gain: Type.Number() })),
    }),
    Type.Null(),
  ]),
});
export type ResponseEvaluation = Static<typeof ResponseEvaluation>;

export const ResponseOutput = Type.Object({
  trained: Type.Boolean(),
  reason: Type.String(),
  /** Outcomes that were there to learn from. */
  offers: Type.Integer(),
  /** Hash of the outcomes there were. */
  outcomes: Type.String(),
  response: OrNull(Artifact),
  evaluation: OrNull(ResponseEvaluation),
  /** Null without a champion; its difference is null where too few offers are later than what both have learned from. */
  againstChampion: OrNull(Type.Object({ offers: Type.Integer(), difference: OrNull(Interval) })),
  /** Version of the champion at that time. */
  champion: Type.Optional(OrNull(Type.Integer())),
});
export type ResponseOutput = Static<typeof ResponseOutput>;

export const PublishedResponse = Type.Object({
  /** Version that this run added; null when it learned nothing. */
  version: OrNull(Type.Integer()),
  promoted: Type.Boolean(),
  reason: Type.String(),
  /** Version that offers are chosen by; null when there is none. */
  serving: OrNull(Type.Integer()),
});

export const ChosenOutput = Type.Object({
  offers: Type.Integer(),
  customers: Type.Integer(),
  /** Offers that are not made, so that uplift can be measured. */
  heldOut: Type.Integer(),
  incrementalMargin: Type.Number(),
  spend: Type.Number(),
  /** Expected revenue of the offers made. */
  revenue: Type.Number(),
  modelVersion: Type.Integer(),
  /** Share by which the plan may lie below the best one. */
  gap: Type.Number(),
});

/** A page of HTML. */
export const EvaluationReportOutput = Type.Object({ page: Artifact });

export const MarketListOutput = Type.Object({
  rows: Type.Integer(),
  /** Offers among them. */
  offers: Type.Integer(),
  expectedRevenue: Type.Number(),
});

export const GapTrainingOutput = Type.Object({
  trained: Type.Boolean(),
  reason: Type.String(),
  /** Customers whose documents were read, and their sentences. */
  customers: Type.Integer(),
  sentences: Type.Integer(),
  gap: Type.Union([Artifact, Type.Null()]),
});
export type GapTrainingOutput = Static<typeof GapTrainingOutput>;

export const GapsOutput = Type.Object({
  /** Gaps of catalogue products with a chance of at least 0.5, and the customers who have them. */
  gaps: Type.Integer(),
  customers: Type.Integer(),
  /** What they would bring in a year, expected. */
  expectedValue: Type.Number(),
  /** Things used that are not in the assortment. */
  outside: Type.Integer(),
});
