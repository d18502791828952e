import { type Meaning, NameFit } from './name-fit.ts';
import { spokenShare } from './ownership.ts';
import { clausesOf, type Token } from './tokens.ts';
import { sharpness, type WordEncoder } from './word-encoder.ts';

/** A place in a sentence that seems to speak of a product. */
export interface Mention {
  readonly product: number;
  /** Offsets in the sentence. */
  readonly start: number;
  readonly end: number;
  /** How well it fits, 0 to 1; the best of all products at this place. */
  readonly score: number;
  /** What tells whether it is meant: how much of the name is said, what is not, what contradicts it, and its rivals. */
  readonly features: readonly number[];
}

/** Below it a mention is not worth telling. */
const leastScore = 0.3;
/** A rival is a product whose score at the same place is less than this below the best. */
const close = 0.08;
/** Where who writes is known, so little of a name is told to be a hint. */
const leastEvidence = 0.05;
/** Chance that a clause speaks of no product, or of one whose name is not said. */
const nothing = 1 - spokenShare.own;

/** Words of a clause that seem to speak of one thing: `from … to − 1`, those around them up to the next such place included. */
export interface Place {
  readonly from: number;
  readonly to: number;
  /** For each of the words, the chance of each of `products` to be spoken of, as far as the other words tell [words × products]. */
  readonly chance: Float64Array;
  readonly products: readonly number[];
}

/** Finds products in sentences by the meaning of their words. */
export class Linker {
  readonly #names: NameFit;

  /** @param known what some words mean, in place of what the encoder says: {@link Linker.meaning}. */
  constructor(names: readonly string[], encoder: WordEncoder, known?: ReadonlyMap<string, Float32Array>) {
    this.#names = new NameFit(names, encoder, known);
  }

  /** Mentions of a sentence that don't overlap, in order. */
  mentions(sentence: string): Mention[] {
    return clausesOf(sentence)
      .flatMap((clause) => this.#inClause(clause))
      .sort((a, b) => a.start - b.start);
  }

  /** Products a short text may mean, the likeliest first, at most `count`. */
  rank(text: string, count: number): { product: number; score: number }[] {
    const tokens = clausesOf(text).flat();
    const meanings = tokens.map(({ word }) => this.#names.meaning(word));
    return this.#names
      .candidates(meanings)
      .map((product) => ({ product, score: this.#names.fit(product, meanings, 0, tokens.length).score }))
      .sort((a, b) => b.score - a.score || a.product - b.product)
      .slice(0, count);
  }

  /** Chance of a word to mean the word of the catalogue that it means most. */
  understands(word: string): number {
    const { chance, hints } = this.#names.meaning(word);
    return hints.reduce((most, c) => Math.max(most, chance[c]!), 0);
  }

  /** What each word of a text means: the chance of each word of the catalogue, and behind them their sum. */
  meaning(word: string): Float32Array {
    return this.#names.meaning(word).chance;
  }

  /**
   * What a clause may speak of, given who writes it; nothing where no word hints at a product.
   *
   * @param prior ln of the chance of each product to be spoken of, before the clause is read.
   * @param own products that come into question although no word hints at them.
   */
  places(tokens: readonly Token[], prior: Float32Array, own: Int32Array): Place[] {
    const meanings = tokens.map(({ word }) => this.#names.meaning(word));
    const found = [...new Set([...this.#names.candidates(meanings), ...own])].map((product) => {
      const best = this.#names.bestPlace(product, meanings, leastEvidence);
      const score = best.to > 0 ? best.score : 0;
      return { product, from: best.from, to: best.to, odds: Math.exp(sharpness * score + prior[product]!) };
    });
    found.sort((a, b) => b.odds - a.odds || a.product - b.product);
    const taken: { from: number; to: number }[] = [];
    for (const { from, to, odds } of found) {
      if (to === 0 || (taken.length > 0 && odds < nothing)) continue;
      if (!taken.some((one) => from < one.to && one.from < to)) taken.push({ from, to });
    }
    taken.sort((a, b) => a.from - b.from);
    return taken.map((core, t) => {
      const [from, to] = [taken[t - 1]?.to ?? 0, taken[t + 1]?.from ?? tokens.length];
      const rivals = found.filter((one) => one.to === 0 || (one.from < core.to && core.from < one.to));
      const chance = new Float64Array((to - from) * rivals.length);
      const inside = meanings.slice(core.from, core.to);
      rivals.forEach(({ product }, r) => {
        const { whole, without } = this.#names.fitWithoutEach(product, inside);
        for (let i = from; i < to; i++) {
          const score = without[i - core.from] ?? whole;
          chance[(i - from) * rivals.length + r] = Math.exp(sharpness * score + prior[product]!);
        }
      });
      for (let i = 0; i < to - from; i++) {
        const row = chance.subarray(i * rivals.length, (i + 1) * rivals.length);
        const sum = row.reduce((a, b) => a + b, nothing);
        for (let r = 0; r < row.length; r++) row[r]! /= sum;
      }
      return { from, to, chance, products: rivals.map(({ product }) => product) };
    });
  }

  #inClause(tokens: readonly Token[]): Mention[] {
    const meanings = tokens.map(({ word }) => this.#names.meaning(word));
    const found: { product: number; from: number; to: number; score: number }[] = [];
    for (const product of this.#names.candidates(meanings)) {
      const best = this.#names.bestPlace(product, meanings, leastScore);
      if (best.to > 0) found.push({ product, ...best });
    }
    found.sort((a, b) => b.score - a.score || a.product - b.product);
    const out: Mention[] = [];
    const taken = new Uint8Array(tokens.length);
    for (const one of found) {
      if (taken.subarray(one.from, one.to).some((t) => t === 1)) continue;
      taken.fill(1, one.from, one.to);
      const others = found.filter((other) => other !== one && other.from < one.to && one.from < other.to);
      out.push(this.#mention(one, others, tokens, meanings));
    }
    return out;
  }

  #mention(
    { product, from, to, score }: { product: number; from: number; to: number; score: number },
    others: readonly { score: number }[],
    tokens: readonly Token[],
    meanings: readonly Meaning[],
  ): Mention {
    const fit = this.#names.fit(product, meanings, from, to);
    const beside = [from - 1, to].filter((i) => i >= 0 && i < tokens.length);
    const besides = beside.reduce((sum, i) => sum + this.#names.fit(product, meanings, i, i + 1).contradiction, 0);
    const rival = others.reduce((most, other) => Math.max(most, other.score), 0);
    const rivals = others.filter((other) => other.score > score - close).length;
    return {
      product,
      start: tokens[from]!.start,
      end: tokens[to - 1]!.end,
      score,
      features: Object.values({
        score,
        said: fit.said,
        leastSaid: fit.least,
        unsaidWeight: fit.unsaid,
        explained: fit.explained,
        contradiction: fit.contradiction,
        besideContradiction: besides,
        margin: score - rival,
        rivals,
        words: to - from,
        nameWords: this.#names.wordsOf(product),
        substance: fit.substance,
      }),
    };
  }
}
