import { normaliseUnicode } from '../text/index.ts';
import type { ExactHit, MemoryLookUp, SimilarHit } from './look-up.ts';
import { missedTerms, type Outcome, type TranslateTextsOptions, type Work } from './outcome.ts';
import { adopt, formsOf, type Passage } from './passage.ts';
import type { ServedModel } from './served-model.ts';
import { applyTerms, evidenceOf, findTerms } from './terms.ts';
import { isWorthTranslating } from './text-segments.ts';

/** Memory look-ups of passages. */
export class LookUp {
  /** Similar entries to be given to the model. */
  readonly found = new Map<Passage, SimilarHit>();
  readonly #model: ServedModel;
  readonly #memory: MemoryLookUp;
  readonly #threshold: number;
  readonly #options: TranslateTextsOptions;

  constructor(model: ServedModel, memory: MemoryLookUp, threshold: number, options: TranslateTextsOptions) {
    this.#model = model;
    this.#memory = memory;
    this.#threshold = threshold;
    this.#options = options;
  }

  /** Takes exact matches, with one question for all of them. Passages without letters are copied. */
  async exact(works: readonly Work[]): Promise<void> {
    const asked: { work: Work; forms: string[] }[] = [];
    for (const work of works) {
      if (isWorthTranslating(work.passage.text)) asked.push({ work, forms: formsOf(work.passage) });
      else work.outcome = copied(work.passage);
    }
    if (asked.length === 0) return;
    const hits = await this.#memory.exact([...new Set(asked.flatMap(({ forms }) => forms))]);
    for (const { work, forms } of asked) {
      const hit = forms.map((form) => hits.get(form)).find((found) => found !== undefined);
      if (hit) work.outcome = this.#taken(work.passage, adopt(normaliseUnicode(hit.target), work.passage), hit);
    }
  }

  /** Looks for a similar entry: takes it when only numbers differ, else keeps it for the model. Whether there is one. */
  similar(work: Work): boolean {
    if (this.#threshold >= 1) return false;
    const hit = this.#memory.similar(work.passage.text, this.#threshold);
    if (hit === null) return false;
    if (hit.kind !== 'fuzzy') work.outcome = this.#taken(work.passage, hit.target, hit);
    else this.found.set(work.passage, hit);
    return true;
  }

  #taken({ text }: Passage, target: string, hit: ExactHit | SimilarHit): Outcome {
    const score = 'score' in hit ? hit.score : 1;
    const { glossaries = [] } = this.#options;
    const applied = applyTerms(target, findTerms(text, glossaries), this.#model.pair.target);
    const { memory, entry } = hit;
    const { source, target: stored } = 'stored' in hit ? hit.stored : hit;
    return {
      texts: [target],
      origin: 'memory',
      meanLogProbability: Math.log(score),
      length: Math.max(1, this.#model.lengthOf(target)),
      match: { memory, entry, kind: 'kind' in hit ? hit.kind : 'exact', score, source, target: stored },
      terms: evidenceOf(text, applied),
      warnings: missedTerms(evidenceOf(text, applied)),
    };
  }
}

function copied({ text }: Passage): Outcome {
  return { texts: [text], origin: 'copied', meanLogProbability: 0, length: 0, match: null, terms: [], warnings: [] };
}
