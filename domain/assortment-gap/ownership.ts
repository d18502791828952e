import { invert, type Pace, type Tensor2D, tf } from '../nlp/index.ts';
import type { Assortment } from './types.ts';

/** Share of clauses that speak of a product which the customer buys again and again, and of another; the rest speaks of none. */
export const spokenShare = { own: 0.3, others: 0.2 } as const;
/** Ridge of the item–item model. */
const ridge = 50;
/** Scores of a kind whose share of purchases is counted together. */
const bins = 40;
const chunk = 512;

/** What tells whether a customer buys a product because it uses it. */
export interface Purchase {
  /** Whether it buys it again and again. */
  readonly bought: boolean;
  /** Chance of that by its other purchases, 0.005 to 0.9. */
  readonly expected: number;
}

/** How much more is bought than expected, below 0 when it is less, and how much more it could be at most. */
export interface BeyondExpected {
  readonly surplus: number;
  readonly possible: number;
}

export function beyondExpected({ bought, expected }: Purchase): BeyondExpected {
  return { surplus: (bought ? 1 : 0) - expected, possible: 1 - expected };
}

/** Counts a purchase by the words of a mention, each once. */
export function addByWord(
  sums: Map<string, BeyondExpected>,
  words: Iterable<string>,
  { surplus, possible }: BeyondExpected,
): void {
  for (const word of new Set(words)) {
    const sum = sums.get(word) ?? { surplus: 0, possible: 0 };
    sums.set(word, { surplus: sum.surplus + surplus, possible: sum.possible + possible });
  }
}

/** What purchases say of a mention. The arrays are reused: read one before the next is asked for. */
export interface Ownership {
  /**
   * For a customer, ln of the chance of each product to be what a clause of its texts speaks of, before the clause is read. Of what it
   * buys again and again, most is for what it buys against all expectation; customers like it buy the rest anyway.
   */
  spokenOf(customer: number): Float32Array;
  /** Chance of each product to be bought by a customer, by its other purchases. */
  expected(customer: number): Float32Array;
  purchaseOf(customer: number, product: number): Purchase;
}

/**
 * How surprising each purchase is: its chance is estimated from the customer's other purchases by a closed-form item–item
 * model without self-similarity (EASE; Steck 2019), whose scores are turned into shares by counting.
 *
 * @returns about customers × products × 4 bytes.
 * @throws CANCELLED on abort.
 */
export async function ownershipOf({ names, bought: { start, product } }: Assortment, pace: Pace): Promise<Ownership> {
  const [customers, products] = [start.length - 1, names.length];
  const rows = (from: number, to: number): Float32Array => {
    const out = new Float32Array((to - from) * products);
    for (let u = from; u < to; u++)
      for (let e = start[u]!; e < start[u + 1]!; e++) out[(u - from) * products + product[e]!] = 1;
    return out;
  };
  let gram = tf.tidy(() => tf.mul(tf.eye(products), ridge) as Tensor2D);
  for (let from = 0; from < customers; from += chunk) {
    const to = Math.min(customers, from + chunk);
    const next = tf.tidy(() => {
      const x = tf.tensor2d(rows(from, to), [to - from, products]);
      return tf.add(gram, tf.matMul(x, x, true, false)) as Tensor2D;
    });
    gram.dispose();
    gram = next;
    await pace.rest();
  }
  const weights = tf.tidy(() => {
    const inverse = invert(gram);
    const diagonal = tf.sum(tf.mul(inverse, tf.eye(products)), 0);
    return tf.mul(tf.div(inverse, tf.neg(diagonal)), tf.sub(1, tf.eye(products))) as Tensor2D;
  });
  gram.dispose();
  const scores = new Float32Array(customers * products);
  for (let from = 0; from < customers; from += chunk) {
    const to = Math.min(customers, from + chunk);
    const part = tf.tidy(() => tf.matMul(tf.tensor2d(rows(from, to), [to - from, products]), weights));
    scores.set((await part.data()) as Float32Array, from * products);
    part.dispose();
    await pace.rest();
  }
  weights.dispose();
  const share = sharesOf(scores, start, product, products);
  const buffer = new Float32Array(products);
  return {
    spokenOf(customer) {
      const own = product.subarray(start[customer]!, start[customer + 1]!);
      buffer.fill(Math.log(spokenShare.others / Math.max(1, products - own.length)));
      const surprise = Float64Array.from(own, (p) => 1 / share(customer, p));
      const sum = surprise.reduce((a, b) => a + b, 0);
      own.forEach((p, k) => {
        buffer[p] = Math.log((spokenShare.own * surprise[k]!) / sum);
      });
      return buffer;
    },
    expected(customer) {
      for (let p = 0; p < products; p++) buffer[p] = share(customer, p);
      return buffer;
    },
    purchaseOf: (customer, p) => ({
      bought: product.subarray(start[customer]!, start[customer + 1]!).includes(p),
      expected: share(customer, p),
    }),
  };
}

/** Chance of a purchase: the share of purchases among the scores of its bin, from 0.5 % to 90 %. */
function sharesOf(
  scores: Float32Array,
  start: Int32Array,
  product: Int32Array,
  products: number,
): (customer: number, p: number) => number {
  const sample = Float32Array.from(
    { length: Math.min(scores.length, 200_000) },
    (_, i) => scores[Math.floor((i * scores.length) / Math.min(scores.length, 200_000))]!,
  ).sort();
  const edges = Float32Array.from(
    { length: bins - 1 },
    (_, b) => sample[Math.floor(sample.length * (1 - 0.8 ** (b + 1)))]!,
  );
  const binOf = (score: number): number => {
    let b = 0;
    while (b < edges.length && score > edges[b]!) b++;
    return b;
  };
  const [hits, all] = [new Float64Array(bins), new Float64Array(bins)];
  for (let u = 0; u + 1 < start.length; u++) {
    for (let p = 0; p < products; p++) all[binOf(scores[u * products + p]!)]!++;
    for (let e = start[u]!; e < start[u + 1]!; e++) hits[binOf(scores[u * products + product[e]!]!)]!++;
  }
  const shares = hits.map((one, b) => Math.min(0.9, Math.max(0.005, (one + 1) / (all[b]! + 20))));
  return (customer, p) => shares[binOf(scores[customer * products + p]!)]!;
}
