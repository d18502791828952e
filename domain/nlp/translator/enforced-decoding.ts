import type { TranslationWarning } from '../../../contracts/translation.ts';
import type { Hypothesis, Source } from '../decoding/index.ts';
import { placeholderPattern } from '../text/index.ts';
import { type Draft, type Job, missing, sourceOf } from './draft.ts';
import type { TranslateTextsOptions } from './outcome.ts';
import type { ServedModel } from './served-model.ts';
import { standIns } from './stand-ins.ts';
import { applyTerms, findTerms, phrasesFor } from './terms.ts';

/** Hypotheses among which one without forbidden terms is looked for. */
const widest = 8;
/** Terms a passage may have for decoding with phrases that must appear; more would ask for very long translations. */
const mostEnforced = 12;

/** Decodes anew what misses terms, or has some that must not be used. */
export class EnforcedDecoding {
  readonly #model: ServedModel;
  readonly #options: TranslateTextsOptions;

  constructor(model: ServedModel, options: TranslateTextsOptions) {
    this.#model = model;
    this.#options = options;
  }

  /** The draft itself when nothing is wrong with it, or nothing better is found. */
  async mend(job: Job, draft: Draft): Promise<Draft> {
    const obeying = await this.#require(job, draft);
    if (this.forbidden(job.passage.text, obeying.texts[0] as string).length === 0) return obeying;
    return (await this.#avoid(job, obeying)) ?? obeying;
  }

  /** Warnings for targets that must not be used. */
  forbidden(text: string, translation: string): TranslationWarning[] {
    const { forbidden = [] } = this.#options;
    return applyTerms(translation, findTerms(text, forbidden), this.#model.pair.target)
      .filter(({ form }) => form !== 'missed')
      .map(({ match: { term }, used }) => ({
        code: 'term-forbidden' as const,
        message: `"${used}" is not to be used for "${term.source}".`,
      }));
  }

  async #require(job: Job, draft: Draft): Promise<Draft> {
    if (missing(draft) === 0 || job.matches.length > mostEnforced) return draft;
    const enforced = new Set(draft.applied.filter(({ form }) => form === 'missed').map(({ match }) => match));
    let least = draft;
    for (const again of [() => this.#withStandIns(job, draft), () => this.#constrained(draft)]) {
      if (missing(least) === 0) break;
      const found = await again();
      if (found[0] === undefined) continue;
      const applied = applyTerms(found[0].text, job.matches, this.#model.pair.target, enforced);
      if (missing({ applied }) >= missing(least)) continue;
      // What was found without the terms is no alternative any more.
      least = { ...draft, best: found[0].hypothesis, texts: found.map(({ text }) => text), applied };
    }
    return least;
  }

  /** Translations in which missed terms are placeholders that must appear. */
  async #withStandIns({ passage, similar }: Job, { applied }: Draft): Promise<Enforced[]> {
    const { subwords } = this.#model;
    const given = standIns(passage.text, applied);
    if (given === null) return [];
    // The numbers of its placeholders would be others.
    const fits = similar && !placeholderPattern.test(similar.source + similar.target);
    const source = sourceOf(this.#model, given.text, given.annotations, fits ? similar : null);
    if (source.ids.length > this.#model.longest) return [];
    const kept = applied.filter(({ form }) => form !== 'missed');
    const phrases = [
      ...phrasesFor(kept, subwords),
      ...given.placeholders.map((one) => [Int32Array.from(subwords.encodeWithin(one))]),
    ];
    return (await this.#withPhrases(source, phrases)).map(({ hypothesis }) => ({
      hypothesis,
      text: given.restore(
        this.#model.decode(hypothesis.ids),
        subwords.decode([subwords.special('low'), ...hypothesis.ids]),
      ),
    }));
  }

  /** Translations in which all terms must appear as they are. */
  #constrained({ source, applied }: Draft): Promise<Enforced[]> {
    return this.#withPhrases(source, phrasesFor(applied, this.#model.subwords));
  }

  async #withPhrases(source: Source, phrases: readonly Int32Array[][]): Promise<Enforced[]> {
    const { translations = 1, signal } = this.#options;
    const found = await this.#model.constrained(source, {
      phrases: phrases.filter((ways) => ways.length > 0),
      alternatives: translations,
      beam: Math.max(8, translations),
      startsWord: (id) => this.#model.startsWord(id),
      ...(signal === undefined ? {} : { signal }),
    });
    return found.map((hypothesis) => ({ hypothesis, text: this.#model.decode(hypothesis.ids) }));
  }

  /** The best translations without terms that must not be used, which lack no more of the others; null: none is found. */
  async #avoid({ passage, matches }: Job, draft: Draft): Promise<Draft | null> {
    const { translations = 1, signal } = this.#options;
    const [found = []] = await this.#model.search([draft.source], {
      beam: widest,
      alternatives: widest,
      // Its other sentences have been computed.
      admitted: true,
      ...(signal === undefined ? {} : { signal }),
    });
    const allowed = found.flatMap((hypothesis) => {
      const translation = this.#model.decode(hypothesis.ids);
      const applied = applyTerms(translation, matches, this.#model.pair.target);
      const isBad = missing({ applied }) > missing(draft) || this.forbidden(passage.text, translation).length > 0;
      return isBad ? [] : [{ hypothesis, translation, applied }];
    });
    const [best] = allowed;
    if (best === undefined) return null;
    const texts = allowed.slice(0, translations).map(({ translation }) => translation);
    return { source: draft.source, best: best.hypothesis, texts, applied: best.applied };
  }
}

/** What was found with terms that must appear. */
interface Enforced {
  readonly hypothesis: Hypothesis;
  readonly text: string;
}
