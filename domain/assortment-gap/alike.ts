import { hashedNgrams } from '../nlp/index.ts';
import { gramsOfWord } from './word-encoder.ts';

/** Enough that n-grams don't meet by chance. */
const buckets = 2 ** 30;

/** Finds words that are written alike: forms of a word, and most slips. */
export class AlikeWords {
  readonly #sizes: number[] = [];
  readonly #with = new Map<number, number[]>();

  /** Adds an entry of some words; entries are numbered from 0. */
  add(words: readonly string[]): void {
    const grams = gramsOf(words);
    for (const gram of grams) {
      const list = this.#with.get(gram);
      if (list) list.push(this.#sizes.length);
      else this.#with.set(gram, [this.#sizes.length]);
    }
    this.#sizes.push(grams.size);
  }

  /** The entry that is most alike, by Dice's coefficient of their character n-grams, or −1 when none reaches `least`. */
  nearest(words: readonly string[], least: number): number {
    const grams = gramsOf(words);
    const shared = new Map<number, number>();
    for (const gram of grams) for (const one of this.#with.get(gram) ?? []) shared.set(one, (shared.get(one) ?? 0) + 1);
    let [best, most] = [-1, 0];
    for (const [one, count] of shared) {
      const dice = (2 * count) / (grams.size + this.#sizes[one]!);
      if (dice < least || dice < most || (dice === most && one > best)) continue;
      [best, most] = [one, dice];
    }
    return best;
  }
}

function gramsOf(words: readonly string[]): Set<number> {
  return new Set(words.flatMap((word) => hashedNgrams(word, buckets, gramsOfWord)));
}
