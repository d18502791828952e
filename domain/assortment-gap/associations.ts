import type { Pace } from '../nlp/index.ts';
import type { Catalogue } from './catalogue.ts';
import type { Ownership } from './ownership.ts';
import { tokensOf } from './tokens.ts';
import type { Assortment, CustomerText } from './types.ts';

/** What the words of customers stand for, as far as purchases tell. */
export interface Associations {
  readonly words: readonly string[];
  /** Chance that word i means word c of the catalogue [words × catalogue words]; the rest of a row: that it means none. */
  readonly chance: Float32Array;
}

export interface AssociationOptions {
  /** Words that fewer customers use are left out; default 8. */
  readonly least?: number;
  /** Most numbers kept, words times words of the catalogue; the commonest words come first. Default 20 million. */
  readonly most?: number;
}

/** A word means none of the catalogue rather than one whose z-score is below it. */
const doubt = 2.3;

/**
 * Finds what the words of customers stand for, in any language: who writes "Becher" uses mugs more than the other things it
 * uses and its market would let expect. For each word and each word of the catalogue, the surplus of purchases of products
 * with the one, by customers who write the other, over its standard deviation; z-scores become chances by their Bayes factors. The
 * habits of each market are taken off, else a language would mean what its countries like.
 *
 * @throws CANCELLED on abort.
 */
export async function associate(
  catalogue: Catalogue,
  { bought, market }: Assortment,
  texts: readonly CustomerText[],
  ownership: Ownership,
  pace: Pace,
  options: AssociationOptions = {},
): Promise<Associations> {
  const { least = 8, most = 20_000_000 } = options;
  const width = catalogue.words.length;
  const writers = new Map<string, Set<number>>();
  for (const { customer, sentences } of texts) {
    for (const { word } of sentences.flatMap(tokensOf)) {
      const known = writers.get(word);
      if (known) known.add(customer);
      else writers.set(word, new Set([customer]));
    }
  }
  const words = [...writers.keys()]
    .filter((word) => (writers.get(word)?.size ?? 0) >= least)
    .sort((a, b) => (writers.get(b)?.size ?? 0) - (writers.get(a)?.size ?? 0) || (a < b ? -1 : 1))
    .slice(0, Math.floor(most / Math.max(1, width)));
  const place = new Map(words.map((word, i) => [word, i]));
  const wordsOf = new Map<number, number[]>();
  for (const word of words) {
    for (const customer of writers.get(word) ?? []) {
      const list = wordsOf.get(customer);
      if (list) list.push(place.get(word) as number);
      else wordsOf.set(customer, [place.get(word) as number]);
    }
  }
  const surplus = new Float32Array(words.length * width);
  const variance = new Float32Array(words.length * width);
  const own = new Float64Array(width);
  const spread = new Float64Array(width);
  const markets = 1 + market.reduce((a, b) => Math.max(a, b), 0);
  const [sums, sizes] = [new Float64Array(markets * width), new Float64Array(markets)];
  /** How many customers of each market write each word [words × markets]. */
  const local = new Int32Array(words.length * markets);
  for (let customer = 0; customer < market.length; customer++) {
    residuals(customer);
    const m = market[customer]!;
    sizes[m]!++;
    for (let c = 0; c < width; c++) sums[m * width + c]! += own[c]!;
    for (const i of wordsOf.get(customer) ?? []) {
      local[i * markets + m]!++;
      for (let c = 0; c < width; c++) {
        surplus[i * width + c]! += own[c]!;
        variance[i * width + c]! += spread[c]!;
      }
    }
    if (pace.due) await pace.rest();
  }
  // Of each writer the mean residuals of its market are taken off.
  local.forEach((count, at) => {
    if (count === 0) return;
    const [i, m] = [Math.floor(at / markets), at % markets];
    for (let c = 0; c < width; c++) surplus[i * width + c]! -= (count * sums[m * width + c]!) / sizes[m]!;
  });
  for (let i = 0; i < words.length; i++) {
    let sum = Math.exp(doubt ** 2 / 2);
    for (let at = i * width; at < (i + 1) * width; at++) {
      const z = Math.min(6, surplus[at]! / Math.sqrt(variance[at]! + 1));
      surplus[at] = z > 0.5 ? Math.exp(z ** 2 / 2) : 0;
      sum += surplus[at]!;
    }
    for (let at = i * width; at < (i + 1) * width; at++) surplus[at]! /= sum;
  }
  return { words, chance: surplus };

  /** Purchases of a customer over what is expected, by word of the catalogue, and their variance. */
  function residuals(customer: number): void {
    const { start, word } = catalogue;
    own.fill(0);
    spread.fill(0);
    const share = ownership.expected(customer);
    const add = (p: number, value: number): void => {
      for (let e = start[p]!; e < start[p + 1]!; e++) own[word[e]!]! += value;
    };
    for (let p = 0; p < share.length; p++) {
      add(p, -share[p]!);
      const one = share[p]! * (1 - share[p]!);
      for (let e = start[p]!; e < start[p + 1]!; e++) spread[word[e]!]! += one;
    }
    for (let e = bought.start[customer]!; e < bought.start[customer + 1]!; e++) add(bought.product[e]!, 1);
  }
}
