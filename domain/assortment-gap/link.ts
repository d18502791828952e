import { type Catalogue, catalogueOf } from './catalogue.ts';
import { spokenOf } from './ownership.ts';
import { clausesOf, type Token } from './tokens.ts';
import { encodeWords, meaningOf, sharpness, type WordEncoder } from './word-encoder.ts';

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

/** Products looked at closely in a clause. */
const looked = 24;
/** Most words of a mention. */
const longest = 6;
/** Below it a mention is not worth telling. */
const leastScore = 0.3;
/** What a word that means something else costs. */
const cost = 0.35;
/** Words of a name that a word means nearly as much as the one it means most are meant together with it. */
const together = 0.4;
/** A rival is a product whose score at the same place is less than this below the best. */
const close = 0.08;
/** A product comes into question by words that mean one of its name with at least this chance. */
const leastHint = 0.1;
/** Where who writes is known, so little of a name is told to be a hint. */
const leastEvidence = 0.05;
/** Chance that a clause speaks of no product, or of one whose name is not said. */
const nothing = 1 - spokenOf.own;
/** Most numbers kept of words whose meaning is known; 160 MB. */
const remembered = 40_000_000;

/** What a word means. */
interface Meaning {
  /** Chance of each word of the catalogue, and behind them their sum. */
  readonly chance: Float32Array;
  /** Words of the catalogue that it hints at, ascending. */
  readonly hints: readonly number[];
}

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
  readonly #catalogue: Catalogue;
  readonly #encoder: WordEncoder;
  readonly #weight: Float32Array;
  /** Sum of the weights of each product's words. */
  readonly #total: Float32Array;
  readonly #products: ReadonlyMap<number, readonly number[]>;
  readonly #meanings = new Map<string, Meaning>();
  readonly #names: Float32Array;
  readonly #known: ReadonlyMap<string, Float32Array>;

  /** @param known what some words mean, in place of what the encoder says: {@link Linker.meaning}. */
  constructor(names: readonly string[], encoder: WordEncoder, known: ReadonlyMap<string, Float32Array> = new Map()) {
    this.#catalogue = catalogueOf(names);
    this.#known = known;
    this.#encoder = encoder;
    const { words, idf, start, word } = this.#catalogue;
    this.#weight = Float32Array.from(words, (text, c) => encoder.weight.get(text) ?? idf[c]!);
    this.#total = new Float32Array(names.length);
    const products = new Map<number, number[]>();
    for (let p = 0; p < names.length; p++) {
      for (let e = start[p]!; e < start[p + 1]!; e++) {
        const c = word[e]!;
        this.#total[p]! += this.#weight[c]!;
        const list = products.get(c);
        if (list) list.push(p);
        else products.set(c, [p]);
      }
    }
    this.#products = products;
    this.#names = encodeWords(encoder, words);
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
    const meanings = tokens.map(({ word }) => this.#meaning(word));
    return this.#candidates(meanings)
      .map((product) => ({ product, score: this.#fit(product, meanings, 0, tokens.length).score }))
      .sort((a, b) => b.score - a.score || a.product - b.product)
      .slice(0, count);
  }

  /** Chance of a word to mean the word of the catalogue that it means most. */
  understands(word: string): number {
    const { chance, hints } = this.#meaning(word);
    return hints.reduce((most, c) => Math.max(most, chance[c]!), 0);
  }

  /** What each word of a text means: the chance of each word of the catalogue, and behind them their sum. */
  meaning(word: string): Float32Array {
    return this.#meaning(word).chance;
  }

  /**
   * What a clause may speak of, given who writes it; nothing where no word hints at a product.
   *
   * @param prior ln of the chance of each product to be spoken of, before the clause is read.
   * @param own products that come into question although no word hints at them.
   */
  places(tokens: readonly Token[], prior: Float32Array, own: Int32Array): Place[] {
    const meanings = tokens.map(({ word }) => this.#meaning(word));
    const found = [...new Set([...this.#candidates(meanings), ...own])].map((product) => {
      const best = this.#bestPlace(product, meanings, leastEvidence);
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
        const { size, weights, own: ownSaid, said } = this.#saidBy(product, inside);
        const scoreWithout = (i: number): number => {
          let [all, contradiction] = [0, 0];
          for (let k = 0; k < size; k++) {
            let most = 0;
            for (let j = 0; j < inside.length; j++) if (j !== i) most = Math.max(most, said[j * size + k]!);
            all += most * weights[k]!;
          }
          for (let j = 0; j < inside.length; j++) if (j !== i) contradiction += inside[j]!.chance.at(-1)! - ownSaid[j]!;
          return all / this.#total[product]! - cost * contradiction;
        };
        const whole = scoreWithout(-1);
        for (let i = from; i < to; i++) {
          const score = i >= core.from && i < core.to ? scoreWithout(i - core.from) : whole;
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
    const meanings = tokens.map(({ word }) => this.#meaning(word));
    const found: { product: number; from: number; to: number; score: number }[] = [];
    for (const product of this.#candidates(meanings)) {
      const best = this.#bestPlace(product, meanings);
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

  /** The words of a clause that say a product best; `to` is 0 when none do. */
  #bestPlace(
    product: number,
    meanings: readonly Meaning[],
    least = leastScore,
  ): { from: number; to: number; score: number } {
    const { size, weights, own, said } = this.#saidBy(product, meanings);
    const total = this.#total[product]!;
    const saidOf = new Float32Array(size);
    const best = { from: 0, to: 0, score: least };
    // No place says more than all the words together.
    let most = 0;
    for (let k = 0; k < size; k++) {
      let one = 0;
      for (let at = k; at < said.length; at += size) one = Math.max(one, said[at]!);
      most += one * weights[k]!;
    }
    if (most / total <= least) return best;
    for (let from = 0; from < meanings.length; from++) {
      saidOf.fill(0);
      let [substance, explained] = [0, 0];
      for (let i = from; i < Math.min(meanings.length, from + longest); i++) {
        substance += meanings[i]!.chance.at(-1)!;
        explained += own[i]!;
        let all = 0;
        for (let k = 0; k < size; k++) {
          const one = said[i * size + k]!;
          if (one > saidOf[k]!) saidOf[k] = one;
          all += saidOf[k]! * weights[k]!;
        }
        const score = all / total - cost * (substance - explained);
        if (score > best.score + 1e-6) Object.assign(best, { from, to: i + 1, score });
      }
    }
    return best;
  }

  /** How much each word says each word of a product's name, and all of them together. */
  #saidBy(p: number, meanings: readonly Meaning[]) {
    const { start, word } = this.#catalogue;
    const size = start[p + 1]! - start[p]!;
    const weights = new Float32Array(size);
    for (let k = 0; k < size; k++) weights[k] = this.#weight[word[start[p]! + k]!]!;
    const own = new Float64Array(meanings.length);
    const said = new Float32Array(meanings.length * size);
    meanings.forEach(({ chance }, i) => {
      let [sum, most] = [0, 0];
      for (let e = start[p]!; e < start[p + 1]!; e++) {
        sum += chance[word[e]!]!;
        most = Math.max(most, chance[word[e]!]!);
      }
      own[i] = sum;
      // One word may stand for several of the name together: "Etagere" for "cake stand".
      for (let k = 0; k < size; k++) {
        const one = chance[word[start[p]! + k]!]!;
        said[i * size + k] = one > together * most ? sum : one;
      }
    });
    return { size, weights, own, said };
  }

  #mention(
    { product, from, to, score }: { product: number; from: number; to: number; score: number },
    others: readonly { score: number }[],
    tokens: readonly Token[],
    meanings: readonly Meaning[],
  ): Mention {
    const fit = this.#fit(product, meanings, from, to);
    const beside = [from - 1, to].filter((i) => i >= 0 && i < tokens.length);
    const besides = beside.reduce((sum, i) => sum + this.#fit(product, meanings, i, i + 1).contradiction, 0);
    const rival = others.reduce((most, other) => Math.max(most, other.score), 0);
    const rivals = others.filter((other) => other.score > score - close).length;
    const { start } = this.#catalogue;
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
        nameWords: start[product + 1]! - start[product]!,
        substance: fit.substance,
      }),
    };
  }

  /** Products of which most is said, the likeliest first. */
  #candidates(meanings: readonly Meaning[]): number[] {
    const hinted = new Map<number, number>();
    for (const { chance, hints } of meanings)
      for (const c of hints) hinted.set(c, Math.max(hinted.get(c) ?? 0, chance[c]!));
    const sums = new Map<number, number>();
    for (const [c, most] of [...hinted].sort((a, b) => a[0] - b[0]))
      for (const p of this.#products.get(c) ?? []) sums.set(p, (sums.get(p) ?? 0) + most * this.#weight[c]!);
    return [...sums]
      .map(([p, sum]) => [p, sum / this.#total[p]!] as const)
      .sort((a, b) => b[1] - a[1] || a[0] - b[0])
      .slice(0, looked)
      .map(([p]) => p);
  }

  /** How well words `from … to` say a product. */
  #fit(p: number, meanings: readonly Meaning[], from: number, to: number) {
    const inside = meanings.slice(from, to);
    const { size, weights, own, said } = this.#saidBy(p, inside);
    let [all, least, unsaid, substance, explained] = [0, 1, 0, 0, 0];
    inside.forEach(({ chance }, i) => {
      substance += chance.at(-1)!;
      explained += own[i]!;
    });
    for (let k = 0; k < size; k++) {
      let most = 0;
      for (let i = 0; i < inside.length; i++) most = Math.max(most, said[i * size + k]!);
      all += most * weights[k]!;
      least = Math.min(least, most);
      unsaid = Math.max(unsaid, (1 - most) * weights[k]!);
    }
    all /= this.#total[p]!;
    const contradiction = substance - explained;
    return {
      score: all - cost * contradiction,
      said: all,
      least,
      unsaid,
      explained: explained / (substance + 1e-6),
      contradiction,
      substance,
    };
  }

  #meaning(word: string): Meaning {
    let known = this.#meanings.get(word);
    if (!known) {
      const chance = this.#known.get(word) ?? meaningOf(this.#encoder, word, this.#names);
      const hints = [...this.#catalogue.words.keys()].filter((c) => chance[c]! >= leastHint);
      known = { chance, hints };
      if (this.#meanings.size * chance.length >= remembered) this.#meanings.clear();
      this.#meanings.set(word, known);
    }
    return known;
  }
}
