import { type Catalogue, catalogueOf } from './catalogue.ts';
import { clausesOf, type Token, tokensOf } from './tokens.ts';
import { encodeWords, meaningOf, type WordEncoder } from './word-encoder.ts';

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
/** A chance below it is no meaning. */
const leastMeant = 0.08;
/** A rival is a product whose score at the same place is less than this below the best. */
const close = 0.08;

/** Finds products in sentences by the meaning of their words. */
export class Linker {
  readonly #catalogue: Catalogue;
  readonly #encoder: WordEncoder;
  readonly #weight: Float32Array;
  /** Sum of the weights of each product's words. */
  readonly #total: Float32Array;
  readonly #products: ReadonlyMap<number, readonly number[]>;
  readonly #meanings = new Map<string, Float32Array>();
  readonly #names: Float32Array;

  constructor(names: readonly string[], encoder: WordEncoder) {
    this.#catalogue = catalogueOf(names);
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

  /**
   * What the words of a mention stand for: each word with the word of the product's name that it means most, as an index of the
   * catalogue's words; -1 where it means none of them.
   */
  readings(sentence: string, { product, start, end }: Mention): { word: string; meant: number }[] {
    const { start: first, word } = this.#catalogue;
    return tokensOf(sentence)
      .filter((token) => token.start >= start && token.end <= end)
      .map((token) => {
        const meaning = this.#meaning(token.word);
        let [meant, most] = [-1, leastMeant];
        for (let e = first[product]!; e < first[product + 1]!; e++) {
          if (meaning[word[e]!]! <= most) continue;
          most = meaning[word[e]!]!;
          meant = word[e]!;
        }
        return { word: token.word, meant };
      });
  }

  #inClause(tokens: readonly Token[]): Mention[] {
    const meanings = tokens.map(({ word }) => this.#meaning(word));
    const found: { product: number; from: number; to: number; score: number }[] = [];
    for (const product of this.#candidates(meanings)) {
      let best = { product, from: 0, to: 0, score: leastScore };
      for (let from = 0; from < tokens.length; from++) {
        for (let to = from + 1; to <= Math.min(tokens.length, from + longest); to++) {
          const { score } = this.#fit(product, meanings, from, to);
          if (score > best.score + 1e-6) best = { product, from, to, score };
        }
      }
      if (best.to > 0) found.push(best);
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
    meanings: readonly Float32Array[],
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
  #candidates(meanings: readonly Float32Array[]): number[] {
    const { words } = this.#catalogue;
    const sums = new Map<number, number>();
    for (let c = 0; c < words.length; c++) {
      let most = 0;
      for (const meaning of meanings) if (meaning[c]! > most) most = meaning[c]!;
      if (most < 0.1) continue;
      for (const p of this.#products.get(c) ?? []) sums.set(p, (sums.get(p) ?? 0) + most * this.#weight[c]!);
    }
    return [...sums]
      .map(([p, sum]) => [p, sum / this.#total[p]!] as const)
      .sort((a, b) => b[1] - a[1] || a[0] - b[0])
      .slice(0, looked)
      .map(([p]) => p);
  }

  /** How well words `from … to` say a product. */
  #fit(p: number, meanings: readonly Float32Array[], from: number, to: number) {
    const { start, word } = this.#catalogue;
    let [said, least, unsaid, substance, explained] = [0, 1, 0, 0, 0];
    const size = start[p + 1]! - start[p]!;
    const saidOf = new Float32Array(size);
    for (let i = from; i < to; i++) {
      const meaning = meanings[i]!;
      let [own, most] = [0, 0];
      for (let e = start[p]!; e < start[p + 1]!; e++) {
        own += meaning[word[e]!]!;
        most = Math.max(most, meaning[word[e]!]!);
      }
      substance += meaning.at(-1)!;
      explained += own;
      // One word may stand for several of the name together: "Etagere" for "cake stand".
      for (let k = 0; k < size; k++) {
        const one = meaning[word[start[p]! + k]!]!;
        saidOf[k] = Math.max(saidOf[k]!, one > together * most ? own : one);
      }
    }
    for (let k = 0; k < size; k++) {
      const weight = this.#weight[word[start[p]! + k]!]!;
      said += saidOf[k]! * weight;
      least = Math.min(least, saidOf[k]!);
      unsaid = Math.max(unsaid, (1 - saidOf[k]!) * weight);
    }
    said /= this.#total[p]!;
    const contradiction = substance - explained;
    return {
      score: said - cost * contradiction,
      said,
      least,
      unsaid,
      explained: explained / (substance + 1e-6),
      contradiction,
      substance,
    };
  }

  /** Chance of each word of the catalogue to be meant by a word, and behind them their sum. */
  #meaning(word: string): Float32Array {
    let known = this.#meanings.get(word);
    if (!known) {
      known = meaningOf(this.#encoder, word, this.#names);
      if (this.#meanings.size >= 50_000) this.#meanings.clear();
      this.#meanings.set(word, known);
    }
    return known;
  }
}
