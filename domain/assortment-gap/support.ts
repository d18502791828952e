import { addByWord, type BeyondExpected, beyondExpected, type Purchase } from './ownership.ts';

/** Places imagined in which a word is borne out as much as usual. */
const imagined = 10;
/** Places of a word from which it tells what is usual. */
const telling = 20;

/**
 * How far purchases bear out what words are taken for: of the mentions with a word, how many more are of products that the customer
 * buys again and again than its other purchases let expect. Who writes a common phrase that passes for a product that many
 * buy, buys it no more than others do.
 */
export class PurchaseSupport {
  readonly #sums = new Map<string, BeyondExpected>();

  /** Counts a mention by its words. */
  add(words: Iterable<string>, purchase: Purchase): void {
    addByWord(this.#sums, words, beyondExpected(purchase));
  }

  /** How far a word is borne out, as a share of what is usual of words, 0 to 1; 1 for a word that is never seen. */
  shares(): (word: string) => number {
    const known = [...this.#sums.values()].filter(({ possible }) => possible >= telling);
    const rates = known.map(({ possible, surplus }) => surplus / possible).sort((a, b) => a - b);
    const usual = Math.max(0.05, rates[Math.floor(rates.length / 2)] ?? 0);
    return (word) => {
      const { possible, surplus } = this.#sums.get(word) ?? { possible: 0, surplus: 0 };
      return Math.min(1, Math.max(0, (surplus / usual + imagined) / (possible + imagined)));
    };
  }
}
