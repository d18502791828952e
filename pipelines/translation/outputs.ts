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

/** Pairs with the terms that could be annotated in them: JSON, one pair a line, compressed. */
export const TermsOutput = Type.Object({
  general: Artifact,
  domain: Type.Union([Artifact, Type.Null()]),
  candidates: Type.Integer(),
});

export const TrainOutput = Type.Object({
  weights: Artifact,
  steps: Type.Integer(),
  devLoss: Type.Number(),
  devBleu: Type.Number(),
  stopped: Type.String(),
});
