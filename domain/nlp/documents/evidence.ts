import type { DocumentEvidence } from '../../../contracts/documents.ts';
import type { TranslationAnswer } from '../../../contracts/translation.ts';

type Origin = Exclude<keyof DocumentEvidence['segments'], 'total'>;

/** Adds up how the segments of a document were translated. */
export class EvidenceCounter {
  readonly #segments: Record<Origin, number> = { exact: 0, fuzzy: 0, model: 0, mixed: 0, copied: 0 };
  readonly #terms = { applied: 0, missed: 0, enforced: 0 };
  readonly #warnings: Record<string, number> = {};
  #model: DocumentEvidence['model'] = null;
  #total = 0;

  /**
   * Memories that were left out are no matter of a segment: who counts tells them once, by {@link warn}.
   *
   * @param times how often the segment stands in the document.
   */
  add({ origin, matches, terms, warnings, model }: TranslationAnswer, times: number): void {
    const isFuzzy = origin === 'model' && matches.some(({ kind }) => kind === 'fuzzy');
    const of: Origin = origin === 'memory' ? 'exact' : isFuzzy ? 'fuzzy' : origin;
    this.#segments[of] += times;
    this.#total += times;
    for (const { form, enforced } of terms) {
      this.#terms[form === 'missed' ? 'missed' : 'applied'] += times;
      if (enforced && form !== 'missed') this.#terms.enforced += times;
    }
    for (const { code } of warnings) if (code !== 'memory-left-out') this.warn(code, times);
    this.#model ??= model;
  }

  warn(code: string, times = 1): void {
    this.#warnings[code] = (this.#warnings[code] ?? 0) + times;
  }

  result(kept: number, detected: number | null): DocumentEvidence {
    return {
      segments: { total: this.#total, ...this.#segments },
      kept,
      terms: { ...this.#terms },
      warnings: { ...this.#warnings },
      model: this.#model,
      detected,
    };
  }
}
