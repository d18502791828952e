import { setImmediate as immediate } from 'node:timers/promises';
import type { TranslationWarning } from '../../../contracts/translation.ts';
import type { Hypothesis, Source } from '../decoding/index.ts';
import { modelInput } from '../examples/index.ts';
import type { Annotation } from '../terminology/index.ts';
import { placeholderPattern } from '../text/index.ts';
import type { SimilarHit } from './look-up.ts';
import { missedTerms, type Outcome, type TranslateTextsOptions } from './outcome.ts';
import type { Passage } from './passage.ts';
import type { ServedModel } from './served-model.ts';
import { standIns } from './stand-ins.ts';
import { type AppliedTerm, applyTerms, evidenceOf, type FoundTerm, findTerms, phrasesFor } from './terms.ts';

/** A passage with the entry of a memory that is given to the model. */
export interface OpenPassage {
  readonly passage: Passage;
  readonly similar: SimilarHit | null;
}

/** Subwords of the longest inputs that models learn from; a similar sentence that makes one longer is left away. */
const longestLearnt = 200;
/** Hypotheses among which one without forbidden terms is looked for. */
const widest = 8;
/** Terms a passage may have for decoding with phrases that must appear; more would ask for very long translations. */
const mostEnforced = 12;

/** Passages decoded anew at a time: enough for every thread, few enough for their caches. */
const settledTogether = 8;

/** Translates the passages of a request by the model. */
export class PassageDecoding {
  readonly #model: ServedModel;
  readonly #options: TranslateTextsOptions;

  constructor(model: ServedModel, options: TranslateTextsOptions) {
    this.#model = model;
    this.#options = options;
  }

  /** Outcomes in the order of the passages. Equal passages are computed once. */
  async run(open: readonly OpenPassage[]): Promise<Outcome[]> {
    const places = new Map<string, number>();
    const jobs: Job[] = [];
    const indices: number[] = [];
    for (const { passage, similar } of open) {
      const key = JSON.stringify([passage.text, similar?.source ?? null, similar?.target ?? null]);
      let place = places.get(key);
      if (place === undefined) {
        place = jobs.push(this.#prepare(passage, similar)) - 1;
        places.set(key, place);
        // Preparing thousands of sentences must not keep other requests waiting.
        if (jobs.length % 32 === 0) await immediate();
      }
      indices.push(place);
    }
    const { signal, admitted = false, onQueued } = this.#options;
    const searching = this.#model.search(
      jobs.map(({ source }) => source),
      { ...this.#search(), admitted, ...(signal === undefined ? {} : { signal }) },
    );
    if (jobs.length > 0) onQueued?.();
    const found = await searching;
    const outcomes: Outcome[] = [];
    for (let from = 0; from < jobs.length; from += settledTogether) {
      const some = jobs.slice(from, from + settledTogether);
      outcomes.push(...(await Promise.all(some.map((job, i) => this.#settle(job, found[from + i] as Hypothesis[])))));
    }
    return indices.map((i) => outcomes[i] as Outcome);
  }

  /** Throws RATE_LIMITED (OverloadError) when `run` would refuse so many passages now, before they are prepared in vain. */
  checkRoom(passages: number): void {
    if (passages === 0 || this.#options.admitted) return;
    const overload = this.#model.overload(passages, this.#search());
    if (overload !== undefined) throw overload;
  }

  #search(): { readonly beam: number; readonly alternatives: number } {
    const { translations = 1, beam = translations } = this.#options;
    return { beam: Math.max(beam, translations), alternatives: translations };
  }

  #prepare(passage: Passage, similar: SimilarHit | null): Job {
    const { text } = passage;
    const { glossaries = [] } = this.#options;
    const matches = findTerms(text, glossaries);
    const model = this.#model;
    const input = (terms: readonly FoundTerm[], hit: SimilarHit | null): Source => {
      const annotations = terms.map(({ start, end, term }) => ({ start, end, target: term.target }));
      return this.#input(text, annotations, hit);
    };
    const terms = model.knowsTerms ? matches : [];
    let hit = model.knowsSimilar ? similar : null;
    let source = input(terms, hit);
    if (source.ids.length > longestLearnt && hit !== null) {
      hit = null;
      source = input(terms, null);
    }
    if (source.ids.length > model.longest) source = input([], null);
    return { passage, similar: hit, matches, source };
  }

  #input(text: string, annotations: readonly Annotation[], match: SimilarHit | null): Source {
    const { pair: languages, marker: aligner } = this.#model;
    const similar = match && { match, ...(aligner && { aligner }) };
    return this.#model.encode(modelInput(text, { languages, annotations, ...similar }));
  }

  /** The outcome of a passage; it is decoded anew if terms are missing. */
  async #settle(job: Job, hypotheses: readonly Hypothesis[]): Promise<Outcome> {
    const { text } = job.passage;
    const { target } = this.#model.pair;
    const { enforceTerms = true } = this.#options;
    let best = hypotheses[0] as Hypothesis;
    let texts = hypotheses.map(({ ids }) => this.#model.decode(ids));
    const free = applyTerms(texts[0] as string, job.matches, target);
    let applied = free;
    if (enforceTerms && missing(free) > 0 && job.matches.length <= mostEnforced) {
      const enforced = new Set(free.filter(({ form }) => form === 'missed').map(({ match }) => match));
      for (const again of [() => this.#withStandIns(job, free), () => this.#constrained(job, free)]) {
        if (missing(applied) === 0) break;
        const found = await again();
        if (found[0] === undefined) continue;
        const then = applyTerms(found[0].text, job.matches, target, enforced);
        if (missing(then) >= missing(applied)) continue;
        best = found[0].hypothesis;
        // What was found without the terms is no alternative any more.
        texts = found.map((one) => one.text);
        applied = then;
      }
    }
    if (enforceTerms && this.#forbidden(text, texts[0] as string).length > 0) {
      const other = await this.#allowed(job, missing(applied));
      if (other !== null) [best, texts, applied] = other;
    }
    const terms = evidenceOf(text, applied);
    const length = best.ids.length + (best.ended ? 1 : 0);
    const { similar } = job;
    return {
      texts,
      origin: 'model',
      meanLogProbability: length === 0 ? 0 : best.logProbability / length,
      length,
      match:
        similar === null
          ? null
          : {
              memory: similar.memory,
              entry: similar.entry,
              kind: 'fuzzy',
              score: similar.score,
              ...similar.stored,
            },
      terms,
      warnings: [...missedTerms(terms), ...this.#forbidden(text, texts[0] as string), ...(best.ended ? [] : [cut])],
    };
  }

  /** Translations in which missed terms are placeholders that must appear. */
  async #withStandIns({ passage, similar }: Job, applied: readonly AppliedTerm[]): Promise<Enforced[]> {
    const { subwords } = this.#model;
    const given = standIns(passage.text, applied);
    if (given === null) return [];
    // The numbers of its placeholders would be others.
    const fits = similar && !placeholderPattern.test(similar.source + similar.target);
    const source = this.#input(given.text, given.annotations, fits ? similar : null);
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
  #constrained({ source }: Job, applied: readonly AppliedTerm[]): Promise<Enforced[]> {
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
  async #allowed(job: Job, most: number): Promise<[Hypothesis, string[], AppliedTerm[]] | null> {
    const { translations = 1, signal } = this.#options;
    const [found = []] = await this.#model.search([job.source], {
      beam: widest,
      alternatives: widest,
      // Its other sentences have been computed.
      admitted: true,
      ...(signal === undefined ? {} : { signal }),
    });
    const allowed = found.flatMap((hypothesis) => {
      const translation = this.#model.decode(hypothesis.ids);
      const applied = applyTerms(translation, job.matches, this.#model.pair.target);
      const isBad = missing(applied) > most || this.#forbidden(job.passage.text, translation).length > 0;
      return isBad ? [] : [{ hypothesis, translation, applied }];
    });
    const [best] = allowed;
    if (best === undefined) return null;
    return [best.hypothesis, allowed.slice(0, translations).map(({ translation }) => translation), best.applied];
  }

  /** Warnings for targets that must not be used. */
  #forbidden(text: string, translation: string): TranslationWarning[] {
    const { forbidden = [] } = this.#options;
    return applyTerms(translation, findTerms(text, forbidden), this.#model.pair.target)
      .filter(({ form }) => form !== 'missed')
      .map(({ match: { term }, used }) => ({
        code: 'term-forbidden' as const,
        message: `"${used}" is not to be used for "${term.source}".`,
      }));
  }
}

/** What was found with terms that must appear. */
interface Enforced {
  readonly hypothesis: Hypothesis;
  readonly text: string;
}

interface Job {
  readonly passage: Passage;
  readonly similar: SimilarHit | null;
  readonly matches: readonly FoundTerm[];
  readonly source: Source;
}

const cut: TranslationWarning = { code: 'cut', message: 'The translation of a sentence came to no end and was cut.' };

function missing(applied: readonly AppliedTerm[]): number {
  return applied.filter(({ form }) => form === 'missed').length;
}
