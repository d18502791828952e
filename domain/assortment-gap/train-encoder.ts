import { PerennialError } from '../../contracts/errors.ts';
import { Adam } from '../nlp/adam.ts';
import { breathe } from '../nlp/breathe.ts';
import {
  hashedNgrams,
  normals,
  packBytes,
  Random,
  type Tensor,
  type Tensor2D,
  type TrainHooks,
  tf,
  unpackBytes,
} from '../nlp/index.ts';
import type { Associations } from './associations.ts';
import { type Catalogue, catalogueOf } from './catalogue.ts';
import { misspell, type ParaphraseKind, paraphrase } from './paraphrase.ts';
import { contrast, gramsOfWord, sharpness, threshold, type WordEncoder } from './word-encoder.ts';

export interface EncoderOptions {
  /** Length of a vector; default 48. */
  readonly dimensions?: number;
  /** Hash buckets of n-grams; default 16,384. */
  readonly buckets?: number;
  /** Steps; default 600. */
  readonly steps?: number;
  /** Texts, and likewise words, of a step; default 96. */
  readonly batch?: number;
  /** Products that a step tells apart, those it needs among them; default 2,048. */
  readonly products?: number;
  /** Default 0.01; falls to a tenth in the end. */
  readonly rate?: number;
  readonly seed: number;
}

/** Words that mean a product. */
export interface NamedProduct {
  readonly words: readonly string[];
  readonly product: number;
}

/** What an encoder learns from besides the names themselves. */
export interface Lessons {
  readonly known: Associations;
  /** Mentions in customers' own words. */
  readonly mentions: readonly NamedProduct[];
}

const kinds: readonly ParaphraseKind[] = ['order', 'plural', 'abbreviation', 'missing', 'slip'];
/** Chance of each kind of change. */
const change = 0.35;
/** Chance of a slip in a word whose meaning is known, and fewest letters of such a word. */
const [slip, longEnough] = [0.3, 4] as const;
/** Most words of a text in training. */
const longest = 24;
const saveEvery = 100;
const kind = 'word-encoder-checkpoint';
const version = 1;

/**
 * Learns vectors of words in which a word of a customer lies close to the words of the catalogue it stands for: slips and
 * forms by shared subwords, other names and other languages by what is known of them.
 *
 * A text says a word of the catalogue as much as its closest word does (late interaction; Khattab and Zaharia 2020), and a
 * product as much as the words of its name are said, weighted by what they tell, which is learned too. A step tells apart
 * the products meant by paraphrases of names by rule and by mentions, half of each, and draws words towards what is known of
 * them. Saves a checkpoint every hundred steps and resumes from it to the bit.
 *
 * @throws DATA_MISSING when no name has a word; CANCELLED on abort.
 */
export async function trainWordEncoder(
  names: readonly string[],
  lessons: Lessons,
  options: EncoderOptions,
  hooks: TrainHooks,
): Promise<WordEncoder> {
  const catalogue = catalogueOf(names);
  if (catalogue.words.length === 0) {
    throw new PerennialError('DATA_MISSING', `None of the ${names.length} products has a name to learn from`, {
      remedy: 'Give products descriptions.',
    });
  }
  const training = new EncoderTraining(catalogue, lessons, options, hooks);
  try {
    return await training.run();
  } finally {
    training.dispose();
  }
}

/** Chance of each word (rows) to mean each word of the catalogue (columns); what is left of a row means none of them. */
function meant(words: Tensor2D, names: Tensor2D): Tensor2D {
  const odds = tf.exp(tf.matMul(words, names, false, true).sub(threshold).mul(contrast));
  return tf.div(odds, tf.sum(odds, 1, true).add(1));
}

class EncoderTraining {
  readonly #catalogue: Catalogue;
  readonly #lessons: Lessons;
  readonly #hooks: TrainHooks;
  readonly #settings: Required<EncoderOptions>;
  readonly #random: Random;
  readonly #table;
  readonly #weight;
  readonly #adam: Adam;
  readonly #grams = new Map<string, readonly number[]>();
  readonly #named: Int32Array;
  readonly #signature: string;

  constructor(catalogue: Catalogue, lessons: Lessons, options: EncoderOptions, hooks: TrainHooks) {
    this.#catalogue = catalogue;
    this.#lessons = lessons;
    this.#hooks = hooks;
    const defaults = { dimensions: 48, buckets: 16_384, steps: 600, batch: 96, products: 2048, rate: 0.01 };
    this.#settings = { ...defaults, ...options };
    const { dimensions: d, buckets, seed } = this.#settings;
    this.#random = new Random(seed);
    this.#table = tf.tidy(() => tf.variable(tf.tensor2d(normals(buckets * d, 0.3, this.#random), [buckets, d])));
    // softplus of it is the weight.
    const raw = catalogue.idf.map((idf) => Math.log(Math.expm1(idf)));
    this.#weight = tf.tidy(() => tf.variable(tf.tensor1d(raw)));
    this.#adam = new Adam([this.#table, this.#weight]);
    this.#named = Int32Array.from(catalogue.names.keys()).filter((p) => catalogue.start[p + 1]! > catalogue.start[p]!);
    const { known, mentions } = lessons;
    const sizes = [catalogue.names.length, catalogue.words.length, known.words.length, mentions.length];
    this.#signature = JSON.stringify([sizes, this.#settings]);
  }

  dispose(): void {
    this.#adam.dispose();
  }

  async run(): Promise<WordEncoder> {
    const { steps, rate, dimensions, buckets } = this.#settings;
    let sum = 0;
    for (let step = await this.#resume(); step < steps; step++) {
      const texts = this.#drawTexts();
      const products = this.#drawProducts(texts);
      const words = this.#drawWords();
      const value = this.#adam.minimise(
        () => {
          const loss = this.#productLoss(texts, products);
          return words.length === 0 ? loss : tf.add(loss, this.#wordLoss(words));
        },
        rate * Math.min(1, (step + 1) / 50) * (1 - (0.9 * step) / steps),
      );
      sum += (await value.data())[0] as number;
      value.dispose();
      this.#hooks.progress(step + 1, steps, 'steps');
      if ((step + 1) % saveEvery === 0) {
        this.#hooks.metric('encoder_loss', sum / saveEvery);
        sum = 0;
        if (step + 1 < steps) await this.#save(step + 1);
      }
      await breathe(this.#hooks.signal);
    }
    const weights = tf.tidy(() => tf.softplus(this.#weight).dataSync());
    const table = (await this.#table.data()) as Float32Array;
    table.fill(0, 0, dimensions);
    const weight = new Map(this.#catalogue.words.map((word, c) => [word, weights[c]!]));
    return { dimensions, buckets, table, weight };
  }

  /** Half of them mentions, if there are any, the others paraphrases. */
  #drawTexts(): NamedProduct[] {
    const random = this.#random;
    const { mentions } = this.#lessons;
    return Array.from({ length: this.#settings.batch }, (_, i) => {
      if (i % 2 === 0 && mentions.length > 0) return mentions[random.below(mentions.length)] as NamedProduct;
      const product = this.#named[random.below(this.#named.length)]!;
      const some = kinds.filter(() => random.next() < change);
      const words = paraphrase(this.#catalogue.names[product]!, some, random).split(' ');
      return { words: words.slice(0, longest), product };
    });
  }

  #drawProducts(texts: readonly NamedProduct[]): Int32Array {
    const taken = new Set(texts.map(({ product }) => product));
    const most = Math.min(this.#settings.products, this.#named.length);
    while (taken.size < most) taken.add(this.#named[this.#random.below(this.#named.length)]!);
    return Int32Array.from(taken).sort();
  }

  /** Words of which something is known, by their index, and as they are written: some with a slip. */
  #drawWords(): { i: number; text: string }[] {
    const random = this.#random;
    const { words } = this.#lessons.known;
    return Array.from({ length: Math.min(this.#settings.batch, words.length) }, () => {
      const i = random.below(words.length);
      const text = words[i] as string;
      return { i, text: text.length >= longEnough && random.next() < slip ? misspell(text, random) : text };
    });
  }

  /** Cross-entropy of the product that each text means, among `products`. */
  #productLoss(texts: readonly NamedProduct[], products: Int32Array): Tensor {
    const { start, word, words } = this.#catalogue;
    // Words of the names at hand, numbered anew.
    const place = new Map<number, number>();
    const members: [number, number][] = [];
    products.forEach((p, column) => {
      for (let e = start[p]!; e < start[p + 1]!; e++) {
        const c = word[e]!;
        if (!place.has(c)) place.set(c, place.size);
        members.push([place.get(c) as number, column]);
      }
    });
    const ids = Int32Array.from(place.keys());
    const incidence = new Float32Array(ids.length * products.length);
    for (const [c, column] of members) incidence[c * products.length + column] = 1;
    const written = new Map<string, number>();
    for (const text of texts) for (const one of text.words) if (!written.has(one)) written.set(one, written.size);
    const length = Math.max(...texts.map((text) => text.words.length));
    // The row behind the last stands for no word.
    const at = new Int32Array(texts.length * length).fill(written.size);
    texts.forEach((text, t) => {
      text.words.forEach((one, i) => {
        at[t * length + i] = written.get(one) as number;
      });
    });
    const shares = meant(this.#encode([...written.keys()]), this.#encode(Array.from(ids, (c) => words[c]!)));
    const padded = tf.concat([shares, tf.zeros([1, ids.length])], 0);
    const rows = tf.gather(padded, tf.tensor1d(at, 'int32')).reshape([texts.length, length, ids.length]);
    const weight = tf.softplus(tf.gather(this.#weight, tf.tensor1d(ids, 'int32')));
    const of = tf.tensor2d(incidence, [ids.length, products.length]);
    const total = tf.matMul(weight.reshape([1, -1]), of);
    const said = tf.mul(tf.max(rows, 1), weight) as Tensor2D;
    const scores = tf.div(tf.matMul(said, of), total).mul(sharpness);
    const column = new Map(Array.from(products, (p, i) => [p, i]));
    const right = tf.oneHot(
      texts.map(({ product }) => column.get(product) as number),
      products.length,
    );
    return tf.mean(tf.sub(tf.logSumExp(scores, 1), tf.sum(tf.mul(scores, right), 1)));
  }

  /** Cross-entropy of what words mean and what is known of them. */
  #wordLoss(drawn: readonly { i: number; text: string }[]): Tensor {
    const { chance } = this.#lessons.known;
    const width = this.#catalogue.words.length;
    const wanted = new Float32Array(drawn.length * (width + 1));
    drawn.forEach(({ i }, row) => {
      const own = chance.subarray(i * width, (i + 1) * width);
      wanted.set(own, row * (width + 1));
      wanted[(row + 1) * (width + 1) - 1] = Math.max(0, 1 - own.reduce((a, b) => a + b, 0));
    });
    const texts = drawn.map(({ text }) => text);
    const shares = meant(this.#encode(texts), this.#encode(this.#catalogue.words));
    const rest = tf.sub(1, tf.sum(shares, 1, true));
    const logs = tf.log(tf.concat([shares, rest], 1).add(1e-4));
    return tf.neg(tf.mean(tf.sum(tf.mul(logs, tf.tensor2d(wanted, [drawn.length, width + 1])), 1)));
  }

  #encode(list: readonly string[]): Tensor2D {
    const { buckets, dimensions } = this.#settings;
    const grams = new Int32Array(list.length * gramsOfWord);
    list.forEach((text, i) => {
      let ids = this.#grams.get(text);
      if (!ids) {
        ids = hashedNgrams(text, buckets, gramsOfWord);
        this.#grams.set(text, ids);
      }
      grams.set(ids, i * gramsOfWord);
    });
    const present = tf.tensor2d(Float32Array.from(grams, Math.sign), [list.length, gramsOfWord]).expandDims(2);
    const rows = tf.gather(this.#table, tf.tensor1d(grams, 'int32')).reshape([list.length, gramsOfWord, dimensions]);
    const sum = tf.sum(tf.mul(rows, present), 1);
    return tf.div(sum, tf.sqrt(tf.sum(tf.square(sum), 1, true).add(1e-9))) as Tensor2D;
  }

  async #save(step: number): Promise<void> {
    const meta = { signature: this.#signature, step, random: this.#random.state, adam: this.#adam.steps };
    await this.#hooks.checkpoint.save(packBytes({ kind, version, meta, arrays: await this.#adam.save() }));
  }

  async #resume(): Promise<number> {
    const saved = await this.#hooks.checkpoint.load();
    if (!saved) return 0;
    const { meta, arrays } = unpackBytes(saved, kind, version);
    if (meta['signature'] !== this.#signature) return 0;
    this.#random.state = Number(meta['random']);
    this.#adam.load(arrays, Number(meta['adam']));
    return Number(meta['step']);
  }
}
