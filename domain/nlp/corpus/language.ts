import type { default as Detector } from 'eld/small';

export interface DetectedLanguage {
  /** ISO 639-1 code, or null when the text says nothing (no letters, an unknown script). */
  readonly language: string | null;
  /** Whether the text is long and clear enough to be believed. */
  readonly reliable: boolean;
  /** Languages by their likeness, from 0 to 1, best first. */
  readonly scores: readonly { readonly language: string; readonly score: number }[];
}

/** What is read of a text; more does not make it clearer. */
const longest = 1000;
/** A text with fewer letters is not judged: menus and names look like any language. */
const leastLetters = 25;
const leastWords = 4;
/** How much more a text must look like the other language of its pair, or like a third one, to be refused. */
const margin = { pair: 0.08, third: 0.12 };

/** Detects languages of texts by character n-grams (ELD, 60 languages). Synchronous once loaded. */
export class LanguageDetector {
  readonly #detector: typeof Detector;

  private constructor(detector: typeof Detector) {
    this.#detector = detector;
  }

  /** Loads the model, about 100 MB of memory, on first use. */
  static async load(): Promise<LanguageDetector> {
    const { default: detector } = await import('eld/small');
    return new LanguageDetector(detector);
  }

  /** @param among languages to choose from; default all. */
  detect(text: string, among?: readonly string[]): DetectedLanguage {
    const result = this.#detector.detect(text.slice(0, longest));
    const scores = Object.entries(result.getScores())
      .filter(([language]) => !among || among.includes(language))
      .map(([language, score]) => ({ language, score }))
      .sort((a, b) => b.score - a.score);
    const language = scores[0]?.language ?? null;
    return { language, reliable: result.isReliable() && language === result.language, scores };
  }

  /**
   * Whether a text may be of a language. Only a long enough text that looks clearly more like the other language of
   * its pair, or still more like a third one, is not.
   */
  mayBe(text: string, language: string, other: string): boolean {
    const letters = text.slice(0, longest).match(/\p{L}/gu)?.length ?? 0;
    if (letters < leastLetters || text.trim().split(/\s+/, leastWords).length < leastWords) return true;
    const { scores, reliable } = this.detect(text);
    const base = (code: string) => code.toLowerCase().split(/[-_]/)[0];
    const of = (code: string | undefined) => scores.find((one) => one.language === code)?.score;
    const own = of(base(language)) ?? 0;
    if (own === 0 && !this.#knows(base(language) as string)) return true;
    if (base(language) !== base(other) && (of(base(other)) ?? 0) > own + margin.pair) return false;
    return !(reliable && (scores[0]?.score ?? 0) > own + margin.third);
  }

  #knows(code: string): boolean {
    return Object.values(this.#detector.info().Languages).includes(code);
  }
}
