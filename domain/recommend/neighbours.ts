import type { History } from './history.ts';
import { takeTop } from './top.ts';

/** Finds the customers whose history is most alike: cosine of the TIFU vectors over an inverted index. */
export class Neighbours {
  readonly #history: History;
  readonly #start: Int32Array;
  readonly #customer: Int32Array;
  readonly #weight: Float32Array;
  readonly #norm: Float32Array;
  readonly #dots: Float32Array;
  readonly #taken: Uint8Array;

  constructor(history: History) {
    this.#history = history;
    const { products, customers, start, product, tifu } = history;
    this.#norm = new Float32Array(customers);
    const at = new Int32Array(products + 1);
    for (const p of product) at[p + 1]!++;
    for (let p = 0; p < products; p++) at[p + 1]! += at[p]!;
    this.#start = at.slice();
    this.#customer = new Int32Array(product.length);
    this.#weight = new Float32Array(product.length);
    for (let c = 0; c < customers; c++) {
      let squares = 0;
      for (let e = start[c]!; e < start[c + 1]!; e++) {
        squares += tifu[e]! ** 2;
        const i = at[product[e]!]!++;
        this.#customer[i] = c;
        this.#weight[i] = tifu[e]!;
      }
      this.#norm[c] = Math.sqrt(squares);
    }
    this.#dots = new Float32Array(customers);
    this.#taken = new Uint8Array(customers);
  }

  /** The `k` nearest other customers with a similarity above 0, nearest first. */
  of(customer: number, k: number): { customers: Int32Array; similarity: Float32Array } {
    const { start, product, tifu } = this.#history;
    const dots = this.#dots.fill(0);
    for (let e = start[customer]!; e < start[customer + 1]!; e++) {
      const [p, w] = [product[e]!, tifu[e]!];
      for (let i = this.#start[p]!; i < this.#start[p + 1]!; i++) dots[this.#customer[i]!]! += w * this.#weight[i]!;
    }
    const own = this.#norm[customer]!;
    dots[customer] = 0;
    for (let c = 0; c < dots.length; c++) {
      if (dots[c]! > 0) dots[c]! /= own * this.#norm[c]! + 1e-9;
    }
    const found: number[] = [];
    takeTop(dots, k, this.#taken, found);
    for (const c of found) this.#taken[c] = 0;
    const customers = Int32Array.from(found);
    return { customers, similarity: Float32Array.from(customers, (c) => dots[c]!) };
  }
}
