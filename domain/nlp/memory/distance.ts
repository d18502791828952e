/** Words of a pattern that fit the bits of one number. */
const word = 32;

/**
 * Levenshtein distance of lists of ids to one list, many times over: bit-parallel for up to 32 words (Myers 1999, in
 * the form of Hyyrö 2003), else in a band as wide as the distance allowed (Ukkonen 1985).
 */
export class Distance {
  readonly #pattern: Int32Array;
  readonly #bits = new Map<number, number>();

  constructor(pattern: Int32Array) {
    this.#pattern = pattern;
    if (pattern.length > word) return;
    for (const [i, id] of pattern.entries()) this.#bits.set(id, (this.#bits.get(id) ?? 0) | (1 << i));
  }

  /** The distance, or `most + 1` when it is above `most`. */
  to(other: Int32Array, most: number): number {
    const [n, m] = [this.#pattern.length, other.length];
    if (Math.abs(n - m) > most) return most + 1;
    if (n === 0 || m === 0) return Math.max(n, m);
    const distance = n <= word ? this.#parallel(other) : banded(this.#pattern, other, most);
    return Math.min(distance, most + 1);
  }

  #parallel(other: Int32Array): number {
    const n = this.#pattern.length;
    const last = 1 << (n - 1);
    let [plus, minus, distance] = [-1, 0, n];
    for (const id of other) {
      const equal = this.#bits.get(id) ?? 0;
      const diagonal = ((((equal & plus) + plus) | 0) ^ plus) | equal | minus;
      let up = minus | ~(diagonal | plus);
      let down = diagonal & plus;
      if (up & last) distance++;
      else if (down & last) distance--;
      up = (up << 1) | 1;
      down <<= 1;
      plus = down | ~(diagonal | up);
      minus = up & diagonal;
    }
    return distance;
  }
}

function banded(a: Int32Array, b: Int32Array, most: number): number {
  const far = most + 1;
  let row = new Int32Array(b.length + 1).map((_, j) => Math.min(j, far));
  let next = new Int32Array(b.length + 1);
  for (let i = 1; i <= a.length; i++) {
    const from = Math.max(1, i - most);
    const to = Math.min(b.length, i + most);
    next[from - 1] = from === 1 ? Math.min(i, far) : far;
    let least = far;
    for (let j = from; j <= to; j++) {
      const change = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const above = j === i + most ? far : (row[j] as number) + 1;
      const value = Math.min(change, above, (next[j - 1] as number) + 1, far);
      next[j] = value;
      if (value < least) least = value;
    }
    if (least >= far) return far;
    [row, next] = [next, row];
  }
  return row[b.length] as number;
}

/** Which entries of `b` stand in `a` too, in an alignment with the least edits. Lists of up to 500 entries each. */
export function sharedEntries(a: readonly string[], b: readonly string[]): boolean[] {
  const [n, m] = [Math.min(a.length, 500), Math.min(b.length, 500)];
  const table = new Uint16Array((n + 1) * (m + 1));
  const at = (i: number, j: number) => i * (m + 1) + j;
  for (let i = 0; i <= n; i++) table[at(i, 0)] = i;
  for (let j = 0; j <= m; j++) table[at(0, j)] = j;
  for (let i = 1; i <= n; i++) {
    for (let j = 1; j <= m; j++) {
      const change = (table[at(i - 1, j - 1)] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      table[at(i, j)] = Math.min(change, (table[at(i - 1, j)] as number) + 1, (table[at(i, j - 1)] as number) + 1);
    }
  }
  const shared = b.map(() => false);
  for (let [i, j] = [n, m]; i > 0 && j > 0; ) {
    const here = table[at(i, j)] as number;
    if (a[i - 1] === b[j - 1] && here === table[at(i - 1, j - 1)]) {
      shared[j - 1] = true;
      i--;
      j--;
    } else if (here === (table[at(i - 1, j - 1)] as number) + 1) {
      i--;
      j--;
    } else if (here === (table[at(i - 1, j)] as number) + 1) i--;
    else j--;
  }
  return shared;
}
