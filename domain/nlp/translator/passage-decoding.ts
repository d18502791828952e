import { setImmediate as immediate } from 'node:timers/promises';
import type { TranslationWarning } from '../../../contracts/translation.ts';
import type { Hypothesis, Source } from '../decoding/index.ts';
import { type Draft, type Job, missing, searchOf, sourceOf } from './draft.ts';
import { EnforcedDecoding } from './enforced-decoding.ts';
import type { SimilarHit } from './look-up.ts';
import { missedTerms, type Outcome, type TranslateTextsOptions } from './outcome.ts';
import type { Passage } from './passage.ts';
import type { ServedModel } from './served-model.ts';
import { applyTerms, evidenceOf, findTerms } from './terms.ts';

/** A passage with the entry of a memory that is given to the model. */
export interface OpenPassage {
  readonly passage: Passage;
  readonly similar: SimilarHit | null;
}

/** Drafts of passages. */
export interface Drafts {
  /** Different passages. */
  readonly jobs: readonly Job[];
  /** Of each of them. */
  readonly drafts: readonly Draft[];
  /** The place among them of each passage. */
  readonly indices: readonly number[];
}

/** Subwords of the longest inputs that models learn from; a similar sentence that makes one longer is left away. */
const longestLearnt = 200;

/** Passages decoded anew at a time: enough for every thread, few enough for their caches. */
const settledTogether = 8;

/**
 * Translates the passages of a request by the model: as they are; where terms are missing with those in the input; where
 * they are missing still, so that they must appear. A translation that has its terms by itself is the model's best with
 * them, and an annotation could but disturb it.
 */
export class PassageDecoding {
  readonly #model: ServedModel;
  readonly #options: TranslateTextsOptions;
  readonly #enforced: EnforcedDecoding;

  constructor(model: ServedModel, options: TranslateTextsOptions) {
    this.#model = model;
    this.#options = options;
    this.#enforced = new EnforcedDecoding(model, options);
  }

  /** Outcomes in the order of the passages. */
  async run(open: readonly OpenPassage[]): Promise<Outcome[]> {
    return this.settle(await this.draft(open));
  }

  /** Translations as the model makes them by itself. Equal passages are computed once. */
  async draft(open: readonly OpenPassage[]): Promise<Drafts> {
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
    const { admitted = false, onQueued } = this.#options;
    const searching = this.#search(
      jobs.map(({ source }) => source),
      admitted,
    );
    if (jobs.length > 0) onQueued?.();
    const drafts = (await searching).map((found, i) => this.#draft(jobs[i] as Job, found));
    return { jobs, drafts, indices };
  }

  /** Outcomes of drafts, in the order of their passages: those that miss terms are decoded anew. */
  async settle({ jobs, drafts: first, indices }: Drafts): Promise<Outcome[]> {
    const drafts = [...first];
    await this.#showTerms(jobs, drafts);
    const outcomes: Outcome[] = [];
    for (let from = 0; from < jobs.length; from += settledTogether) {
      const some = drafts.slice(from, from + settledTogether);
      outcomes.push(...(await Promise.all(some.map((draft, i) => this.#settle(jobs[from + i] as Job, draft)))));
    }
    return indices.map((i) => outcomes[i] as Outcome);
  }

  /** Throws RATE_LIMITED (OverloadError) when `run` would refuse so many passages now, before they are prepared in vain. */
  checkRoom(passages: number): void {
    if (passages === 0 || this.#options.admitted) return;
    const overload = this.#model.overload(passages, searchOf(this.#options));
    if (overload !== undefined) throw overload;
  }

  #search(sources: readonly Source[], admitted: boolean): Promise<Hypothesis[][]> {
    const { signal } = this.#options;
    return this.#model.search(sources, { ...searchOf(this.#options), admitted, ...(signal ? { signal } : {}) });
  }

  #prepare(passage: Passage, similar: SimilarHit | null): Job {
    const { text } = passage;
    const { glossaries = [] } = this.#options;
    const model = this.#model;
    let hit = model.knowsSimilar ? similar : null;
    let source = sourceOf(model, text, [], hit);
    if (source.ids.length > longestLearnt && hit !== null) {
      hit = null;
      source = sourceOf(model, text, [], null);
    }
    return { passage, similar: hit, matches: findTerms(text, glossaries), source };
  }

  #draft(job: Job, hypotheses: readonly Hypothesis[], source = job.source): Draft {
    const texts = hypotheses.map(({ ids }) => this.#model.decode(ids));
    const applied = applyTerms(texts[0] as string, job.matches, this.#model.pair.target);
    return { source, best: hypotheses[0] as Hypothesis, texts, applied };
  }

  /** Translates passages whose drafts miss terms with their terms in the input; what misses fewer takes the draft's place. */
  async #showTerms(jobs: readonly Job[], drafts: Draft[]): Promise<void> {
    const model = this.#model;
    if (!model.knowsTerms) return;
    const open = jobs.flatMap((job, place) => {
      if (missing(drafts[place] as Draft) === 0) return [];
      const annotations = job.matches.map(({ start, end, term }) => ({ start, end, target: term.target }));
      const source = sourceOf(model, job.passage.text, annotations, job.similar);
      return source.ids.length > model.longest ? [] : [{ job, place, source }];
    });
    if (open.length === 0) return;
    // They were let in with their drafts.
    const found = await this.#search(
      open.map(({ source }) => source),
      true,
    );
    for (const [i, { job, place, source }] of open.entries()) {
      const draft = this.#draft(job, found[i] as Hypothesis[], source);
      if (missing(draft) < missing(drafts[place] as Draft)) drafts[place] = draft;
    }
  }

  /** The outcome of a passage; it is decoded anew if terms are missing, or there are some that must not be used. */
  async #settle(job: Job, draft: Draft): Promise<Outcome> {
    const { passage, similar } = job;
    const { enforceTerms = true } = this.#options;
    const { best, texts, applied } = enforceTerms ? await this.#enforced.mend(job, draft) : draft;
    const terms = evidenceOf(passage.text, applied);
    const length = best.ids.length + (best.ended ? 1 : 0);
    return {
      texts,
      origin: 'model',
      meanLogProbability: length === 0 ? 0 : best.logProbability / length,
      length,
      match: similar && {
        memory: similar.memory,
        entry: similar.entry,
        kind: 'fuzzy',
        score: similar.score,
        ...similar.stored,
      },
      terms,
      warnings: [
        ...missedTerms(terms),
        ...this.#enforced.forbidden(passage.text, texts[0] as string),
        ...(best.ended ? [] : [cut]),
      ],
    };
  }
}

const cut: TranslationWarning = { code: 'cut', message: 'The translation of a sentence came to no end and was cut.' };
