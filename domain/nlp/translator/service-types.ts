import type {
  Detection,
  LanguagePairRecord,
  LanguageRecord,
  TranslationAnswer,
  TranslationRequest,
  TranslationTimings,
} from '../../../contracts/translation.ts';
import type { Masked } from '../markup/index.ts';

/** What the service has to do with its caller while it works. */
export interface TranslationCall {
  /** Fires when nobody wants the answer any more. */
  readonly signal?: AbortSignal;
  /** Called when all is prepared and waits for the model, so that another request can be prepared meanwhile. May be called again. */
  readonly onQueued?: () => void;
  /** Who asks: gets the same version of a model as before while its traffic stays. Default: anybody. */
  readonly caller?: string;
  /** Names the request; what is told about its answer later is joined by it. */
  readonly requestId?: string;
  /** Place that the first text has in that request, where this is the rest of one; default 0. */
  readonly firstIndex?: number;
}

export interface TranslationResult {
  readonly translations: TranslationAnswer[];
  readonly milliseconds: number;
  /** Where the request asks for them: by language, in the order in which they were translated. */
  readonly timings?: readonly TranslationTimings[];
}

/** Translation as people and programs ask for it. */
export interface TranslationService {
  /**
   * Waits for a place among the requests that are prepared at a time: before anything else is done for a request.
   *
   * @returns what gives the place back: to be called when the request waits for the model, or has ended.
   * @throws RATE_LIMITED (OverloadError) when the wait would be too long, CANCELLED.
   */
  enter(signal?: AbortSignal): Promise<() => void>;
  /**
   * All translations, in the order of the texts.
   *
   * @throws VALIDATION_FAILED naming the field, NOT_FOUND for a pair, version, memory or glossary that is not there,
   * RATE_LIMITED (OverloadError) when the wait for the model would be too long, CANCELLED.
   */
  translate(request: TranslationRequest, call?: TranslationCall): Promise<TranslationResult>;
  /** Translations as they are done; only the first may be refused with RATE_LIMITED, later ones wait. */
  stream(request: TranslationRequest, call?: TranslationCall): AsyncGenerator<TranslationAnswer>;
  /**
   * Translations of segments that are masked already, restored, in their order, whatever their size. Never refused for what
   * waits. Errors as `translate`.
   */
  segments(segments: readonly Masked[], request: SegmentsRequest, signal?: AbortSignal): Promise<TranslationAnswer[]>;
  /**
   * Refuses what `translate` would refuse about languages, model, memories and glossaries, without loading a model. With a
   * source that is to be detected, only what does not depend on it.
   */
  check(request: Omit<SegmentsRequest, 'source'> & { readonly source?: string }): Promise<void>;
  /** The likeliest language of a text of those that can be translated into `target`. NOT_FOUND when there is none. */
  sourceOf(text: string, target: string): Promise<Detection>;
  pairs(): Promise<readonly LanguagePairRecord[]>;
  languages(): Promise<LanguageRecord[]>;
  /** Languages that each text may be in, the likeliest first. */
  detect(texts: readonly string[]): Promise<Detection[][]>;
}

/** A request for segments of one language. */
export type SegmentsRequest = Omit<TranslationRequest, 'text' | 'format' | 'alternatives' | 'source' | 'timings'> & {
  readonly source: string;
};
