/** Seeded uniform numbers in [0, 1): mulberry32. The state is one whole number, so that training can resume it. */
export class Random {
  state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** Whole number from 0 to below `n`. */
  below(n: number): number {
    return Math.floor(this.next() * n);
  }

  /** Standard normal number (Box and Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  /** Shuffles the first `n` entries in place (Fisher and Yates). */
  shuffle(values: Int32Array, n = values.length): void {
    for (let i = n - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const a = values[i] as number;
      values[i] = values[j] as number;
      values[j] = a;
    }
  }
}

/** `n` normal numbers with the given standard deviation. */
export function normals(n: number, deviation: number, random: Random): Float32Array {
  const out = new Float32Array(n);
  for (let i = 0; i < n; i++) out[i] = random.normal() * deviation;
  return out;
}
