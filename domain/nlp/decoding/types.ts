/** Special ids of every model's vocabulary. */
export const special = { pad: 0, begin: 1, end: 2 } as const;

/** A sentence to translate. */
export interface Source {
  /** Subword ids; the last is the end (2). */
  readonly ids: Int32Array;
  /** Factor of each id; default all 0. */
  readonly factors?: Uint8Array;
}

export interface SearchOptions {
  /** Hypotheses kept at a time; 1 is greedy; default as many as alternatives. */
  readonly beam?: number;
  /** Translations wanted a sentence, best first; default 1, at most `beam`, which is at most 32. */
  readonly alternatives?: number;
  /** Most ids of a translation, its end among them; default twice the source's and 10 more, at most 1,024. */
  readonly maxLength?: number;
  /** Exponent α of the length (its end among it) that the log-probability is divided by for the score; default 1: the mean. */
  readonly lengthPenalty?: number;
  /** The promise rejects with CANCELLED as it fires. */
  readonly signal?: AbortSignal;
}

export interface Hypothesis {
  /** Target ids, without begin and end. */
  readonly ids: Int32Array;
  /** logProbability / length^lengthPenalty: what hypotheses are ranked by. exp(score) with penalty 1 is a confidence in (0, 1]. */
  readonly score: number;
  /** Sum of the log-probabilities of the ids and the end. */
  readonly logProbability: number;
  /** Whether the model ended it; false: it was cut at maxLength. */
  readonly ended: boolean;
}
