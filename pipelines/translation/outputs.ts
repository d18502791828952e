import { type Static, Type } from 'typebox';

const Artifact = Type.Object({ uri: Type.String(), sha256: Type.String(), bytes: Type.Integer() });

export const IngestOutput = Type.Object({
  parts: Type.Array(
    Type.Object({ domain: Type.String(), part: Type.String(), rows: Type.Integer(), refused: Type.Integer() }),
  ),
});

/** The cleaned corpora of a run, as Parquet artifacts; of a memory's domain only where there are memories. */
export const CorporaOutput = Type.Object({
  general: Type.Object({ train: Artifact, dev: Artifact, trainPairs: Type.Integer(), devPairs: Type.Integer() }),
  domain: Type.Union([
    Type.Object({ train: Artifact, dev: Artifact, trainPairs: Type.Integer(), devPairs: Type.Integer() }),
    Type.Null(),
  ]),
  /** Pairs that were left out, by reason. */
  rejected: Type.Record(Type.String(), Type.Integer()),
});
export type CorporaOutput = Static<typeof CorporaOutput>;

export const SubwordsOutput = Type.Object({ subwords: Artifact, size: Type.Integer() });

/** Pairs with what could be shown beside them: JSON, one pair a line, gzip; and the word aligner that found it. */
export const TermsOutput = Type.Object({
  general: Artifact,
  generalDev: Artifact,
  domain: Type.Union([Artifact, Type.Null()]),
  domainDev: Type.Union([Artifact, Type.Null()]),
  aligner: Artifact,
  candidates: Type.Integer(),
});

export const TrainOutput = Type.Object({
  weights: Artifact,
  steps: Type.Integer(),
  devLoss: Type.Number(),
  devBleu: Type.Number(),
  stopped: Type.String(),
});
export type TrainOutput = Static<typeof TrainOutput>;

const Scores = Type.Object({
  name: Type.String(),
  /** BLEU and chrF as sacreBLEU computes them, 0 to 100. */
  bleu: Type.Number(),
  bleuLowercase: Type.Number(),
  chrf: Type.Number(),
  /** Shares of the glossary's terms; null without a glossary. */
  termsExact: Type.Union([Type.Number(), Type.Null()]),
  termsLemmatised: Type.Union([Type.Number(), Type.Null()]),
  /** Of what was translated with the memories: sentences they answered, and those for which a similar one was shown. */
  matches: Type.Optional(Type.Object({ exact: Type.Integer(), fuzzy: Type.Integer() })),
});
export type Scores = Static<typeof Scores>;

export const EvaluateOutput = Type.Object({
  /**
   * Development sets, `general` first, and how each was translated: `general`, `adapted`, `adapted + terms`,
   * `adapted + terms + memory`; those of a domain only where there is one, `+ terms` where there is a glossary.
   */
  sets: Type.Array(
    Type.Object({
      name: Type.String(),
      sentences: Type.Integer(),
      terms: Type.Integer(),
      variants: Type.Array(Scores),
    }),
  ),
  /** BLEU of the new model minus the champion's on the same sentences, with 95 % bounds; null without a champion. */
  againstChampion: Type.Union([
    Type.Object({ mean: Type.Number(), lower95: Type.Number(), upper95: Type.Number() }),
    Type.Null(),
  ]),
  /** Version of the champion at that time. */
  champion: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
});
export type EvaluateOutput = Static<typeof EvaluateOutput>;

export const PublishOutput = Type.Object({
  model: Type.String(),
  version: Type.Integer(),
  promoted: Type.Boolean(),
  reason: Type.String(),
  /** The rollout that brings it in, if one does. */
  rollouts: Type.Optional(Type.Array(Type.String())),
});
