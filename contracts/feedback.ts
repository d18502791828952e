/** An answer of translation as it is logged. */
export interface LoggedPrediction {
  readonly requestId: string;
  /** Place of the text in the request, from 0. */
  readonly index: number;
  /** False: the other version's answer of a request that was compared; nobody got it. */
  readonly served: boolean;
  readonly at: string;
  /** Id of the key of who asked. */
  readonly caller: string;
  /** Languages, BCP 47. */
  readonly sourceLanguage: string;
  readonly targetLanguage: string;
  /** Null: no model was needed. */
  readonly model: string | null;
  readonly modelVersion: number | null;
  /** The rollout that the request took part in, and which of its versions answered. */
  readonly rolloutId: string | null;
  readonly side: 'base' | 'candidate' | null;
  readonly source: string;
  readonly answer: string;
  readonly origin: 'memory' | 'model' | 'mixed' | 'copied';
  /** From 0 to 1. */
  readonly confidence: number;
  readonly terms: readonly { readonly source: string; readonly target: string; readonly form: string }[];
}

/** How an answer fares against its correction. */
export interface AnswerQuality {
  /** 0 to 100. */
  readonly chrf: number;
  /** Words inserted, deleted or replaced, a word of the correction. */
  readonly editRate: number;
  /** The correction says the same as the answer. */
  readonly untouched: boolean;
}

/** A correction as it is kept. */
export interface FeedbackRecord {
  readonly id: string;
  readonly requestId: string | null;
  readonly index: number | null;
  readonly sourceLanguage: string | null;
  readonly targetLanguage: string | null;
  readonly source: string | null;
  readonly correction: string;
  /** The memory that is wanted, or that it has entered; null: that of the pair. */
  readonly memory: string | null;
  /** Of the entry that is wanted. */
  readonly detail: { readonly context?: string; readonly domain?: string; readonly reason?: string };
  readonly by: string;
  readonly at: string;
  /** Id of the memory's entry; null: it is none yet. */
  readonly entry: string | null;
  /** Why no memory takes it; null: nothing is wrong. */
  readonly fault: string | null;
  /** The answer that it corrects; null: not known. */
  readonly prediction:
    | (AnswerQuality & {
        readonly at: string;
        readonly model: string | null;
        readonly modelVersion: number | null;
        readonly origin: LoggedPrediction['origin'];
        readonly answer: string;
      })
    | null;
}

/** Quality of a version's answers of a day (UTC), as far as they were corrected. */
export interface FeedbackDay {
  readonly day: string;
  /** `en-de`. */
  readonly pair: string;
  readonly model: string;
  readonly modelVersion: number;
  /** Answers that were logged, and those of them that a correction came for. */
  readonly answers: number;
  readonly corrected: number;
  /** Means over the corrected ones; null: there are none. */
  readonly chrf: number | null;
  readonly editRate: number | null;
  /** Share of the corrected ones whose correction says the same. */
  readonly untouched: number | null;
}

/** A row of a file that could not be taken. */
export interface RowFault {
  /** Line of the file or place in the list, from 1. */
  readonly row: number;
  readonly field: string;
  readonly value: string;
  readonly message: string;
}

/** Hours for which a correction waits for the answer that it names. */
export const feedbackWaitHours = 24;
