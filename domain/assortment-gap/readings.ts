import type { Pace } from '../nlp/index.ts';
import type { Catalogue } from './catalogue.ts';
import type { Linker } from './link.ts';
import type { Ownership } from './ownership.ts';
import { clausesOf, type Token } from './tokens.ts';
import type { Assortment, CustomerText } from './types.ts';

/** What words mean, as far as what stands around them tells. */
export interface Readings {
  readonly words: readonly string[];
  /** Chance that word i means word c of the catalogue [words × catalogue words]; the rest of a row: that it means none. */
  readonly chance: Float32Array;
  /** How much is known of what each word's neighbours speak of: the number of places in which they leave no doubt, or more with some. */
  readonly evidence: Float32Array;
  /** The highest surplus of each word over its standard error; it grows with the root of the evidence. */
  readonly strongest: Float32Array;
  /** Of the places that speak of a product with word c of the catalogue, the share in which it is said. */
  readonly said: Float32Array;
}

/** Standard errors that are taken off, so that nothing is read from a few places by chance. */
const errors = 1.5;
/** Variance of what is never seen. */
const unseen = 0.1;
/** Places of a word of the catalogue from which it tells how much others can show. */
const telling = 20;
/** A product that is less likely to be spoken of tells nothing. */
const leastChance = 0.003;
/** A place speaks clearly of a product with this chance. */
const clear = 0.5;
/** Places imagined in which a word of the catalogue is said. */
const imagined = 3;
/** Most sentences read. */
const most = 50_000;

/**
 * Reads what words mean from what is spoken of where they stand: in "knallrote Retrospot Becher" of a customer who buys a red retrospot mug
 * again and again, and none other of that range, the words that nobody knows say "red" and "mug". What is spoken of is told by the other
 * words of the place and the customer's purchases ({@link Linker.places}), never by the word itself, so no word confirms itself. Of
 * those products, what the other words leave unsaid counts, over what is unsaid anywhere in texts of the same market, as a
 * share of what the catalogue's own words, whose meaning is known, reach with as clear neighbours.
 *
 * @throws CANCELLED on abort.
 */
export async function readingsOf(
  linker: Linker,
  catalogue: Catalogue,
  { bought, market }: Assortment,
  texts: readonly CustomerText[],
  ownership: Ownership,
  words: readonly string[],
  pace: Pace,
): Promise<Readings> {
  const counts = new UnsaidCounts(words, catalogue, 1 + market.reduce((a, b) => Math.max(a, b), 0));
  const stride = Math.max(1, texts.reduce((sum, { sentences }) => sum + sentences.length, 0) / most);
  let [seen, next] = [0, 0];
  for (const { customer, sentences } of texts) {
    const own = bought.product.subarray(bought.start[customer]!, bought.start[customer + 1]!);
    const prior = ownership.spokenOf(customer);
    for (const sentence of sentences) {
      if (seen++ < next) continue;
      next += stride;
      if (own.length === 0) continue;
      for (const tokens of clausesOf(sentence)) counts.add(linker, tokens, prior, own, market[customer]!);
    }
    counts.closeText();
    if (pace.due) await pace.rest();
  }
  return counts.readings();
}

/** Sums of what is unsaid, by word that is written and word of the catalogue. */
class UnsaidCounts {
  readonly #words: readonly string[];
  readonly #place: ReadonlyMap<string, number>;
  readonly #catalogue: Catalogue;
  readonly #markets: number;
  readonly #unsaid: Float32Array;
  /** Sum of squares of texts: what a text says again and again is said once. */
  readonly #squares: Float32Array;
  readonly #evidence: Float32Array;
  readonly #written: Int32Array;
  /** What is unsaid of each word of the catalogue in all places of a market, and how much is by word and market. */
  readonly #all: Float64Array;
  readonly #mass: Float64Array;
  /** By word of the catalogue: how often it is said, and how often it could be. */
  readonly #said: Float64Array;
  readonly #named: Float64Array;
  /** Of the text at hand, by `word × catalogue words`. */
  readonly #ofText = new Map<number, number>();

  constructor(words: readonly string[], catalogue: Catalogue, markets: number) {
    const width = catalogue.words.length;
    this.#words = words;
    this.#place = new Map(words.map((word, i) => [word, i]));
    this.#catalogue = catalogue;
    this.#markets = markets;
    this.#unsaid = new Float32Array(words.length * width);
    this.#squares = new Float32Array(words.length * width);
    this.#evidence = new Float32Array(words.length);
    this.#written = new Int32Array(words.length);
    this.#all = new Float64Array(markets * width);
    this.#said = new Float64Array(width);
    this.#named = new Float64Array(width);
    this.#mass = new Float64Array(words.length * markets);
  }

  add(linker: Linker, tokens: readonly Token[], prior: Float32Array, own: Int32Array, market: number): void {
    const { start, word, words } = this.#catalogue;
    const width = words.length;
    for (const { from, to, products, chance } of linker.places(tokens, prior, own)) {
      const meanings = tokens.slice(from, to).map((token) => linker.meaning(token.word));
      const owned = products.flatMap((product, r) => (own.includes(product) ? [{ product, r }] : []));
      for (const { product, r } of owned) {
        let spoken = 0;
        for (let i = 0; i < meanings.length; i++) spoken += chance[i * products.length + r]! / meanings.length;
        if (spoken < clear) continue;
        for (let e = start[product]!; e < start[product + 1]!; e++) {
          const c = word[e]!;
          this.#named[c]!++;
          this.#said[c]! += meanings.reduce((most, meaning) => Math.max(most, meaning[c]!), 0);
        }
      }
      for (let i = 0; i < meanings.length; i++) {
        const id = this.#place.get(tokens[from + i]!.word);
        if (id === undefined) continue;
        this.#written[id]!++;
        for (const { product, r } of owned) {
          const spoken = chance[i * products.length + r]!;
          if (spoken < leastChance) continue;
          this.#evidence[id]! += spoken ** 2;
          for (let e = start[product]!; e < start[product + 1]!; e++) {
            const c = word[e]!;
            let said = 0;
            for (let j = 0; j < meanings.length; j++) if (j !== i) said = Math.max(said, meanings[j]![c]!);
            const unsaid = spoken * (1 - said);
            this.#all[market * width + c]! += unsaid;
            this.#mass[id * this.#markets + market]! += unsaid;
            const at = id * width + c;
            this.#ofText.set(at, (this.#ofText.get(at) ?? 0) + unsaid);
          }
        }
      }
    }
  }

  closeText(): void {
    for (const [at, unsaid] of this.#ofText) {
      this.#unsaid[at]! += unsaid;
      this.#squares[at]! += unsaid ** 2;
    }
    this.#ofText.clear();
  }

  readings(): Readings {
    const width = this.#catalogue.words.length;
    const totals = Float64Array.from({ length: this.#markets }, (_, m) =>
      this.#all.subarray(m * width, (m + 1) * width).reduce((a, b) => a + b, 0),
    );
    const surplus = (i: number, c: number): number => {
      let expected = 0;
      for (let m = 0; m < this.#markets; m++) {
        if (totals[m]! > 0) expected += (this.#mass[i * this.#markets + m]! * this.#all[m * width + c]!) / totals[m]!;
      }
      return this.#unsaid[i * width + c]! - expected;
    };
    const reached = this.#catalogue.words.flatMap((text, c) => {
      const i = this.#place.get(text);
      if (i === undefined || this.#written[i]! < telling || this.#evidence[i] === 0) return [];
      return [surplus(i, c) / this.#evidence[i]!];
    });
    reached.sort((a, b) => a - b);
    const usual = Math.min(1, Math.max(0.2, reached[Math.floor(reached.length / 2)] ?? 0.5));
    const chance = new Float32Array(this.#words.length * width);
    const strongest = new Float32Array(this.#words.length);
    for (let i = 0; i < this.#words.length; i++) {
      const row = chance.subarray(i * width, (i + 1) * width);
      for (let c = 0; c < width; c++) {
        const [over, error] = [surplus(i, c), Math.sqrt(this.#squares[i * width + c]! + unseen)];
        const sure = over - errors * error;
        strongest[i] = Math.max(strongest[i]!, over / error);
        row[c] = Math.min(1, Math.max(0, sure) / (this.#evidence[i]! * usual + 1e-9));
      }
      const sum = row.reduce((a, b) => a + b, 0);
      if (sum > 1) for (let c = 0; c < width; c++) row[c]! /= sum;
    }
    const said = Float32Array.from(this.#said, (sum, c) => (sum + imagined) / (this.#named[c]! + imagined));
    return { words: this.#words, chance, evidence: this.#evidence, strongest, said };
  }
}

/**
 * What each word means by what is read, and by the encoder of `linker` where little is: halves where the evidence is one
 * place without doubt. Words of the catalogue mean themselves, so they are left out.
 *
 * @returns as {@link Linker.meaning}.
 */
export function blended(
  { words, chance, evidence }: Readings,
  linker: Linker,
  catalogue: Catalogue,
): Map<string, Float32Array> {
  const width = catalogue.words.length;
  const own = new Set(catalogue.words);
  return new Map(
    words.flatMap((word, i) => {
      if (own.has(word)) return [];
      const read = evidence[i]! / (evidence[i]! + 1);
      const encoded = linker.meaning(word);
      const out = new Float32Array(width + 1);
      for (let c = 0; c < width; c++) {
        out[c] = read * chance[i * width + c]! + (1 - read) * encoded[c]!;
        out[width]! += out[c]!;
      }
      return [[word, out] as const];
    }),
  );
}
