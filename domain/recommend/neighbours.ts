import type { History } from './history.ts';
import { sharedFloats, sharedInts } from './shared-arrays.ts';
import { takeTop } from './top.ts';

/** By product the customers that own it, with their TIFU weights: `start[p] … start[p + 1]`; and their vectors' lengths. */
export interface NeighbourIndex {
  readonly start: Int32Array;
  readonly customer: Int32Array;
  readonly weight: Float32Array;
  /** By customer. */
  readonly norm: Float32Array;
}

/** The customers of a history, to be found as neighbours. */
export function neighbourIndex(history: History): NeighbourIndex {
  const { products, customers, start, product, tifu } = history;
  const at = sharedInts(products + 1);
  for (const p of product) at[p + 1]!++;
  for (let p = 0; p < products; p++) at[p + 1]! += at[p]!;
  const next = at.slice();
  const index = {
    start: at,
    customer: sharedInts(product.length),
    weight: sharedFloats(product.length),
    norm: sharedFloats(customers),
  };
  for (let c = 0; c < customers; c++) {
    for (let e = start[c]!; e < start[c + 1]!; e++) {
      const i = next[product[e]!]!++;
      index.customer[i] = c;
      index.weight[i] = tifu[e]!;
    }
    index.norm[c] = normOf(history, c);
  }
  return index;
}

function normOf({ start, tifu }: History, customer: number): number {
  let squares = 0;
  for (let e = start[customer]!; e < start[customer + 1]!; e++) squares += tifu[e]! ** 2;
  return Math.fround(Math.sqrt(squares));
}

/** Finds the customers whose history is most alike: cosine of the TIFU vectors over an inverted index. */
export class Neighbours {
  readonly #index: NeighbourIndex;
  readonly #dots: Float32Array;
  readonly #taken: Uint8Array;

  constructor(index: NeighbourIndex) {
    this.#index = index;
    this.#dots = new Float32Array(index.norm.length);
    this.#taken = new Uint8Array(index.norm.length);
  }

  /** The `k` nearest other customers of the index with a similarity above 0, nearest first. */
  of(history: History, customer: number, k: number): { customers: Int32Array; similarity: Float32Array } {
    const { start, product, tifu } = history;
    const index = this.#index;
    const dots = this.#dots.fill(0);
    for (let e = start[customer]!; e < start[customer + 1]!; e++) {
      const [p, w] = [product[e]!, tifu[e]!];
      for (let i = index.start[p]!; i < index.start[p + 1]!; i++) dots[index.customer[i]!]! += w * index.weight[i]!;
    }
    const own = normOf(history, customer);
    dots[customer] = 0;
    for (let c = 0; c < dots.length; c++) {
      if (dots[c]! > 0) dots[c]! /= own * index.norm[c]! + 1e-9;
    }
    const found: number[] = [];
    takeTop(dots, k, this.#taken, found);
    for (const c of found) this.#taken[c] = 0;
    const customers = Int32Array.from(found);
    return { customers, similarity: Float32Array.from(customers, (c) => dots[c]!) };
  }
}
