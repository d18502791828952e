import { normaliseUnicode, words } from '../text/index.ts';
import { Distance } from './distance.ts';
import { exchangeNumbers, kindOf } from './numbers.ts';

/** A translated segment. */
export interface MemorySegment {
  readonly id: string;
  readonly source: string;
  readonly target: string;
}

/**
 * - `exact`: the same text but for the amount of white space; score 1.
 * - `numbers`: only numbers or placeholders differ, and they were exchanged in the target; score 0.99.
 * - `fuzzy`: everything else.
 */
export type MatchKind = 'exact' | 'numbers' | 'fuzzy';

export interface MemoryMatch<S extends MemorySegment> {
  readonly segment: S;
  readonly kind: MatchKind;
  /** From 0 to 1. */
  readonly score: number;
  /** The segment's target; with numbers exchanged when the kind says so. */
  readonly target: string;
}

export interface LookUpOptions<S extends MemorySegment> {
  /** Least score; default 0.7. Below 0.5 look-ups become slow. */
  readonly threshold?: number;
  /** Most matches; default 3. */
  readonly limit?: number;
  /** Only segments for which it holds, by domain or to leave one out. */
  readonly where?: (segment: S) => boolean;
}

interface Entry<S> {
  readonly segment: S;
  readonly key: string;
  /** Words in lower case by number, numerals and placeholders as one each. */
  readonly words: Int32Array;
  /** The same with numerals and placeholders apart. */
  readonly exact: Int32Array;
}

/** Scores of texts that differ in something that words do not show (case), or in numbers alone. */
const nearly = 0.99;

/** The form in which exact matches are equal: NFC, white space as one blank, none at the ends. */
export function memoryKey(text: string): string {
  return normaliseUnicode(text).replace(/\s+/g, ' ').trim();
}

/**
 * A translation memory for look-ups of whole segments in memory, for one language pair.
 *
 * The score is that of CAT tools: 1 − d / max(n, m), with d the Levenshtein distance in words and symbols, upper and
 * lower case alike, of the texts of n and m words; 0.99 when d is 0 and the texts still differ.
 *
 * A look-up counts the words that segments of a fitting length have in common with the text, by an inverted index,
 * leaving out those without any of its rarest words (the prefix filter of set similarity joins, Chaudhuri et al. 2006),
 * and measures those that have enough. Nothing at or above the threshold is lost.
 */
export class TranslationMemory<S extends MemorySegment = MemorySegment> {
  readonly #entries: (Entry<S> | null)[] = [];
  readonly #places = new Map<string, number>();
  readonly #byKey = new Map<string, number[]>();
  readonly #words = new Map<string, number>();
  /** By word number: places of the entries that have it, by their lengths in words. */
  readonly #postings: { size: number; readonly places: (number[] | undefined)[] }[] = [];

  constructor(segments: Iterable<S> = []) {
    for (const segment of segments) this.add(segment);
  }

  get size(): number {
    return this.#places.size;
  }

  /** Adds a segment; one with the same id is replaced. */
  add(segment: S): void {
    this.remove(segment.id);
    const place = this.#entries.length;
    const key = memoryKey(segment.source);
    const entry = { segment, key, ...this.#numbers(key, true) };
    this.#entries.push(entry);
    this.#places.set(segment.id, place);
    const same = this.#byKey.get(key);
    if (same) same.push(place);
    else this.#byKey.set(key, [place]);
    const length = bucket(entry.words.length);
    for (const word of new Set(entry.words)) {
      const postings = this.#postings[word];
      if (!postings) continue;
      postings.size++;
      const places = postings.places[length];
      if (places) places.push(place);
      else postings.places[length] = [place];
    }
  }

  /** Removes a segment; whether there was one. */
  remove(id: string): boolean {
    const place = this.#places.get(id);
    if (place === undefined) return false;
    const { key } = this.#entries[place] as Entry<S>;
    this.#places.delete(id);
    this.#entries[place] = null;
    const same = (this.#byKey.get(key) ?? []).filter((other) => other !== place);
    if (same.length > 0) this.#byKey.set(key, same);
    else this.#byKey.delete(key);
    if (this.#entries.length > 1000 && this.#places.size * 2 < this.#entries.length) this.#compact();
    return true;
  }

  /** The best matches of a text, best first; of equally good ones the one added last. */
  lookUp(text: string, options: LookUpOptions<S> = {}): MemoryMatch<S>[] {
    const { threshold = 0.7, limit = 3, where = () => true } = options;
    const key = memoryKey(text);
    const matches: (MemoryMatch<S> & { place: number })[] = [];
    for (const place of [...(this.#byKey.get(key) ?? [])].reverse()) {
      const { segment } = this.#entries[place] as Entry<S>;
      if (matches.length < limit && where(segment)) {
        matches.push({ segment, kind: 'exact', score: 1, target: segment.target, place });
      }
    }
    if (matches.length < limit && threshold < 1) this.#fuzzy(key, threshold, limit, where, matches);
    return matches.map(({ segment, kind, score, target }) => ({ segment, kind, score, target }));
  }

  #fuzzy(
    key: string,
    threshold: number,
    limit: number,
    where: (segment: S) => boolean,
    matches: (MemoryMatch<S> & { place: number })[],
  ): void {
    const query = this.#numbers(key, false);
    const n = query.words.length;
    // More words are no segment, and would not fit the counters.
    if (n === 0 || n > 10_000) return;
    const candidates = this.#candidates(query.words, threshold);
    const classes = new Distance(query.words);
    const exact = new Distance(query.exact);
    const order = [...candidates].sort(([a, x], [b, y]) => y - x || b - a);
    for (const [place, bound] of order) {
      const worst = matches.length >= limit ? (matches.at(-1)?.score ?? 0) : 0;
      // Numbers exchanged lift a match to 0.99 whatever their share is; that is where the bound counts them as equal.
      if (bound < worst) break;
      const entry = this.#entries[place] as Entry<S>;
      if (entry.key === key || !where(entry.segment)) continue;
      const most = Math.floor((1 - threshold) * Math.max(n, entry.words.length) + 1e-9);
      const distance = classes.to(entry.words, most);
      if (distance > most) continue;
      const { segment } = entry;
      const target = distance === 0 ? exchangeNumbers(key, entry.key, segment.target) : null;
      const edits = exact.to(entry.exact, most);
      if (edits > most && target === null) continue;
      const numbers = target !== null && edits > 0;
      const score = numbers ? nearly : Math.min(nearly, 1 - edits / Math.max(n, entry.words.length));
      if (score < threshold) continue;
      matches.push({
        segment,
        kind: numbers ? 'numbers' : 'fuzzy',
        score,
        target: numbers ? target : segment.target,
        place,
      });
      matches.sort((a, b) => b.score - a.score || b.place - a.place);
      if (matches.length > limit) matches.pop();
    }
  }

  /** Places of segments that can reach the threshold, each with the highest score it can have. */
  #candidates(query: Int32Array, threshold: number): Map<number, number> {
    const n = query.length;
    const times = new Map<number, number>();
    for (const word of query) times.set(word, (times.get(word) ?? 0) + 1);
    const rarest = [...times].sort(([a], [b]) => this.#frequency(a) - this.#frequency(b));
    const spare = n - Math.ceil(threshold * n - 1e-9);
    const [least, most] = [Math.ceil(threshold * n - 1e-9), Math.floor(n / threshold + 1e-9)];
    const common = new Uint16Array(this.#entries.length);
    const reached: number[] = [];
    for (let m = bucket(least); m <= bucket(most); m++) {
      const needed = threshold * Math.max(n, m < longest ? m : n) - 1e-9;
      let before = 0;
      for (const [word, count] of rarest) {
        // Who has none of the rarest words by now has too few.
        const late = before > spare;
        before += count;
        for (const place of this.#postings[word]?.places[m] ?? []) {
          const had = common[place] as number;
          if (late && had === 0) continue;
          common[place] = had + count;
          if (had < needed && had + count >= needed) reached.push(place);
        }
      }
    }
    const counts = new Int32Array(this.#words.size);
    for (const word of query) if (word >= 0) counts[word] = (counts[word] as number) + 1;
    const out = new Map<number, number>();
    for (const place of reached) {
      const entry = this.#entries[place];
      if (!entry) continue;
      const longer = Math.max(n, entry.words.length);
      const bound = overlap(entry.words, counts) / longer;
      if (bound >= threshold - 1e-9) out.set(place, bound);
    }
    return out;
  }

  #frequency(word: number): number {
    return this.#postings[word]?.size ?? 0;
  }

  /** Numbers of the words of a text. An unknown word gets one of its own below 0, unless it is to be learnt. */
  #numbers(key: string, learn: boolean): { words: Int32Array; exact: Int32Array } {
    const unknown = new Map<string, number>();
    const number = (word: string): number => {
      let id = this.#words.get(word) ?? unknown.get(word);
      if (id !== undefined) return id;
      id = learn ? this.#words.size : -1 - unknown.size;
      if (learn) {
        this.#words.set(word, id);
        this.#postings.push({ size: 0, places: [] });
      } else unknown.set(word, id);
      return id;
    };
    const found = words(key).map((word) => word.text.toLowerCase());
    const exact = Int32Array.from(found, number);
    return { exact, words: Int32Array.from(found, (word) => number(kindOf(word))) };
  }

  #compact(): void {
    const kept = this.#entries.filter((entry) => entry !== null);
    this.#entries.length = 0;
    this.#places.clear();
    this.#byKey.clear();
    this.#postings.length = 0;
    this.#words.clear();
    for (const entry of kept) this.add(entry.segment);
  }
}

/** Segments from this length in words on share their postings. */
const longest = 200;

function bucket(length: number): number {
  return Math.min(length, longest);
}

/** How many words of a segment the query has too, each at most as often as the query; `counts` is left as it was. */
function overlap(segment: Int32Array, counts: Int32Array): number {
  let sum = 0;
  for (let i = 0; i < segment.length; i++) {
    const word = segment[i] as number;
    const left = counts[word] as number;
    counts[word] = left - 1;
    if (left > 0) sum++;
  }
  for (let i = 0; i < segment.length; i++) {
    const word = segment[i] as number;
    counts[word] = (counts[word] as number) + 1;
  }
  return sum;
}
