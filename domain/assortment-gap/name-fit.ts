import { type Catalogue, catalogueOf } from './catalogue.ts';
import { encodeWords, meaningOf, type WordEncoder } from './word-encoder.ts';

/** Products looked at closely in a clause. */
const looked = 24;
/** Most words of a mention. */
const longest = 6;
/** What a word that means something else costs. */
const cost = 0.35;
/** Words of a name that a word means nearly as much as the one it means most are meant together with it. */
const together = 0.4;
/** A product comes into question by words that mean one of its name with at least this chance. */
const leastHint = 0.1;
/** Most numbers kept of words whose meaning is known; 160 MB. */
const remembered = 40_000_000;

/** What a word means. */
export interface Meaning {
  /** Chance of each word of the catalogue, and behind them their sum. */
  readonly chance: Float32Array;
  /** Words of the catalogue that it hints at, ascending. */
  readonly hints: readonly number[];
}

/** Tells how well words say the names of products. */
export class NameFit {
  readonly #catalogue: Catalogue;
  readonly #encoder: WordEncoder;
  readonly #weight: Float32Array;
  /** Sum of the weights of each product's words. */
  readonly #total: Float32Array;
  readonly #products: ReadonlyMap<number, readonly number[]>;
  readonly #meanings = new Map<string, Meaning>();
  readonly #vectors: Float32Array;
  readonly #known: ReadonlyMap<string, Float32Array>;

  /** @param known what some words mean, in place of what the encoder says: {@link Meaning.chance}. */
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
    this.#vectors = encodeWords(encoder, words);
  }

  /** How many words the name of a product has. */
  wordsOf(product: number): number {
    const { start } = this.#catalogue;
    return start[product + 1]! - start[product]!;
  }

  /** Products of which most is said, the likeliest first. */
  candidates(meanings: readonly Meaning[]): number[] {
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

  /** The words of a clause that say a product best, with a score above `least`; `to` is 0 when none do. */
  bestPlace(product: number, meanings: readonly Meaning[], least: number): { from: number; to: number; score: number } {
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

  /** How well words `from … to` say a product. */
  fit(p: number, meanings: readonly Meaning[], from: number, to: number) {
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

  /** How well words say a product, and how well without each of them. */
  fitWithoutEach(p: number, meanings: readonly Meaning[]): { whole: number; without: number[] } {
    const { size, weights, own, said } = this.#saidBy(p, meanings);
    const scoreWithout = (i: number): number => {
      let [all, contradiction] = [0, 0];
      for (let k = 0; k < size; k++) {
        let most = 0;
        for (let j = 0; j < meanings.length; j++) if (j !== i) most = Math.max(most, said[j * size + k]!);
        all += most * weights[k]!;
      }
      for (let j = 0; j < meanings.length; j++) if (j !== i) contradiction += meanings[j]!.chance.at(-1)! - own[j]!;
      return all / this.#total[p]! - cost * contradiction;
    };
    return { whole: scoreWithout(-1), without: meanings.map((_, i) => scoreWithout(i)) };
  }

  /** What a word means; kept until too many are. */
  meaning(word: string): Meaning {
    let known = this.#meanings.get(word);
    if (!known) {
      const chance = this.#known.get(word) ?? meaningOf(this.#encoder, word, this.#vectors);
      const hints = [...this.#catalogue.words.keys()].filter((c) => chance[c]! >= leastHint);
      known = { chance, hints };
      if (this.#meanings.size * chance.length >= remembered) this.#meanings.clear();
      this.#meanings.set(word, known);
    }
    return known;
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
}
