import type { Random } from '../random.ts';
import { blankSign } from './pieces.ts';

/** Words whose ids are remembered; a full table is emptied. */
const remembered = 100_000;
const shift = 1 << 21;

/**
 * Byte-pair encoding (Sennrich et al. 2016) with byte fallback: characters outside the alphabet become the tokens of
 * their UTF-8 bytes, so that there is no unknown token. Gives the same ids as the `tokenizers` library on the same
 * merges; it is its own code because the library's dropout cannot be seeded and its answers are asynchronous objects.
 */
export class Bpe {
  readonly #characters = new Map<number, number>();
  readonly #merges = new Map<number, { rank: number; id: number }>();
  readonly #firstByte: number;
  readonly #cache = new Map<string, readonly number[]>();

  /** `merges` in the order of their making; `vocabulary` from token to id. */
  constructor(
    vocabulary: Readonly<Record<string, number>>,
    merges: readonly (readonly [string, string])[],
    firstByte: number,
    firstSubword: number,
  ) {
    this.#firstByte = firstByte;
    for (const [token, id] of Object.entries(vocabulary)) {
      const code = token.codePointAt(0) as number;
      if (id < firstSubword || String.fromCodePoint(code) !== token) continue;
      this.#characters.set(token === blankSign ? 0x20 : code, id);
    }
    for (const [rank, [left, right]] of merges.entries()) {
      const key = (vocabulary[left] as number) * shift + (vocabulary[right] as number);
      if (!this.#merges.has(key)) this.#merges.set(key, { rank, id: vocabulary[left + right] as number });
    }
  }

  /** Ids of one word, without dropout. */
  encode(word: string): readonly number[] {
    const known = this.#cache.get(word);
    if (known) return known;
    const ids = this.#merge(this.#start(word), 0, null);
    if (this.#cache.size >= remembered) this.#cache.clear();
    this.#cache.set(word, ids);
    return ids;
  }

  /** Ids of one word where each merge is left out with the chance `dropout` at each step (Provilkov et al. 2020). */
  sample(word: string, dropout: number, random: Random): number[] {
    return this.#merge(this.#start(word), dropout, random);
  }

  #start(word: string): number[] {
    const ids: number[] = [];
    for (const character of word) {
      const id = this.#characters.get(character.codePointAt(0) as number);
      if (id !== undefined) ids.push(id);
      else for (const byte of Buffer.from(character, 'utf8')) ids.push(this.#firstByte + byte);
    }
    return ids;
  }

  #merge(ids: number[], dropout: number, random: Random | null): number[] {
    for (;;) {
      let best = -1;
      let found: { rank: number; id: number } | undefined;
      for (let i = 0; i + 1 < ids.length; i++) {
        const merge = this.#merges.get((ids[i] as number) * shift + (ids[i + 1] as number));
        if (!merge || (found && merge.rank >= found.rank)) continue;
        if (random !== null && random.next() < dropout) continue;
        found = merge;
        best = i;
      }
      if (!found) return ids;
      ids.splice(best, 2, found.id);
    }
  }
}
