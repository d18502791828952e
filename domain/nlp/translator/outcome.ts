import type { NodeTiming } from '../../../contracts/serving.ts';
import type {
  MatchEvidence,
  TermEvidence,
  TranslatedText,
  TranslationWarning,
} from '../../../contracts/translation.ts';
import type { Masked } from '../markup/index.ts';
import type { Glossary } from '../terminology/index.ts';
import type { MemoryLookUp } from './look-up.ts';
import type { Passage } from './passage.ts';
import type { TextFormat } from './text-segments.ts';

/** How texts are to be translated. */
export interface TranslateTextsOptions {
  /** Default `plain`. */
  readonly format?: TextFormat;
  /** Default: none. */
  readonly memory?: MemoryLookUp;
  /** Least score of a similar sentence that is given to the model; 1: none. Default 0.7. */
  readonly threshold?: number;
  /** Glossaries of {@link GlossaryTerm}s, the most important first. */
  readonly glossaries?: readonly Glossary[];
  /** Terms that must not be used: likewise, with the forbidden targets. */
  readonly forbidden?: readonly Glossary[];
  /** Whether a passage is decoded anew with the terms that the model missed; default true. */
  readonly enforceTerms?: boolean;
  /** Translations wanted; default 1. */
  readonly translations?: number;
  /** Default: as many as translations. */
  readonly beam?: number;
  /** Whether the sentences of a segment are translated one by one; default true. */
  readonly splitSentences?: boolean;
  /** Whether it is told how each passage came about; default false. */
  readonly sentences?: boolean;
  readonly signal?: AbortSignal;
  /** Whether they belong to a request that was let in before, and are not refused however much waits. Default false. */
  readonly admitted?: boolean;
  /** Called once the texts are prepared and wait for the model; not if none needs it. */
  readonly onQueued?: () => void;
  /** Hears how long each node of the graph took. */
  readonly onNode?: (timing: NodeTiming) => void;
}

/** What a passage has become; its texts have the placeholders of the passage. */
export interface Outcome {
  /** The best first. */
  readonly texts: readonly string[];
  readonly origin: TranslatedText['origin'];
  /** Log-probability a subword, and how many there are. */
  readonly meanLogProbability: number;
  readonly length: number;
  readonly match: MatchEvidence | null;
  readonly terms: readonly TermEvidence[];
  readonly warnings: readonly TranslationWarning[];
}

/** A passage and what has become of it so far. */
export interface Work {
  readonly passage: Passage;
  outcome: Outcome | null;
}

/** A segment of a text. */
export interface SegmentWork {
  readonly masked: Masked;
  readonly whole: Work;
  /** The sentences, or the whole alone. */
  passages: Work[];
}

/** A warning for each term that a translation lacks. */
export function missedTerms(terms: readonly TermEvidence[]): TranslationWarning[] {
  return terms
    .filter(({ form }) => form === 'missed')
    .map(({ source, target }) => ({
      code: 'term-missed' as const,
      message: `"${source}" is not translated as "${target}".`,
    }));
}
