/**
 * Numbers by pairs of ids, in open addressing over typed arrays: a `Map` of 10 million entries would take gigabytes.
 * Ids are from 0 to below 2²⁶.
 */
export class PairTable {
  #keys: Float64Array;
  #slots: Int32Array;
  #size = 0;

  /** @param expected pairs that it has room for before it grows; default 2,000. */
  constructor(expected = 2000) {
    const length = 2 ** Math.ceil(Math.log2(2 * expected + 2));
    this.#keys = new Float64Array(length).fill(-1);
    this.#slots = new Int32Array(length);
  }

  get size(): number {
    return this.#size;
  }

  /** Room that it takes. */
  get bytes(): number {
    return this.#keys.byteLength + this.#slots.byteLength;
  }

  /** The number of a pair, from 0 in the order of their adding; -1 for an unknown one. */
  find(a: number, b: number): number {
    const key = a * 67_108_864 + b;
    const mask = this.#keys.length - 1;
    for (let at = hash(a, b) & mask; ; at = (at + 1) & mask) {
      const found = this.#keys[at] as number;
      if (found === key) return this.#slots[at] as number;
      if (found < 0) return -1;
    }
  }

  /** The number of a pair, added if it is new. */
  add(a: number, b: number): number {
    const known = this.find(a, b);
    if (known >= 0) return known;
    if (this.#size * 2 >= this.#keys.length) this.#grow();
    this.#put(a * 67_108_864 + b, this.#size);
    return this.#size++;
  }

  /** All pairs with their numbers. */
  *entries(): Generator<readonly [a: number, b: number, slot: number]> {
    for (const [at, key] of this.#keys.entries()) {
      if (key >= 0) yield [Math.floor(key / 67_108_864), key % 67_108_864, this.#slots[at] as number];
    }
  }

  #put(key: number, slot: number): void {
    const mask = this.#keys.length - 1;
    let at = hash(Math.floor(key / 67_108_864), key % 67_108_864) & mask;
    while ((this.#keys[at] as number) >= 0) at = (at + 1) & mask;
    this.#keys[at] = key;
    this.#slots[at] = slot;
  }

  #grow(): void {
    const [keys, slots] = [this.#keys, this.#slots];
    this.#keys = new Float64Array(keys.length * 2).fill(-1);
    this.#slots = new Int32Array(keys.length * 2);
    for (let at = 0; at < keys.length; at++) {
      if ((keys[at] as number) >= 0) this.#put(keys[at] as number, slots[at] as number);
    }
  }
}

function hash(a: number, b: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return (h ^ (h >>> 13)) >>> 0;
}
