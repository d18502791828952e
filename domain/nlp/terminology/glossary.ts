import { stemmer, words } from '../text/index.ts';
import { isInflection } from './inflection.ts';

/** An entry of a glossary. */
export interface Term {
  readonly source: string;
  readonly target: string;
  /** Only the very letters count, upper and lower case too; default false. */
  readonly caseSensitive?: boolean;
  /** Inflected forms in the source count too; default true. Never for case-sensitive terms. */
  readonly inflected?: boolean;
}

/** A term found in a text. */
export interface TermMatch {
  readonly term: Term;
  /** Offset of its first UTF-16 unit. */
  readonly start: number;
  /** Offset after its last one. */
  readonly end: number;
  /** `exact`: as in the glossary but for upper and lower case; `inflected`: another form of it. */
  readonly form: 'exact' | 'inflected';
}

interface Node {
  readonly next: Map<string, Node>;
  readonly terms: { readonly term: Term; readonly words: readonly string[] }[];
}

/** Longest term in words; longer ones are sentences, for the memory. */
const longest = 20;

/**
 * Finds terms in texts: a trie over stems, walked from every word; the longest match wins, from left to right. Takes
 * at most 20 steps a word.
 */
export class Glossary {
  readonly terms: readonly Term[];
  readonly #root: Node = { next: new Map(), terms: [] };
  readonly #language: string;

  /** @param language of the sources. Of entries with the same source the first counts. */
  constructor(terms: readonly Term[], language: string) {
    this.terms = terms;
    this.#language = language.toLowerCase();
    const stem = stemmer(language);
    for (const term of terms) {
      const parts = words(term.source.normalize('NFC')).map((word) => word.text);
      if (parts.length === 0 || parts.length > longest || term.target.trim() === '') continue;
      let node = this.#root;
      for (const part of parts) {
        const key = stem(part);
        let next = node.next.get(key);
        if (!next) {
          next = { next: new Map(), terms: [] };
          node.next.set(key, next);
        }
        node = next;
      }
      node.terms.push({ term, words: parts });
    }
  }

  /** Terms of a text (in NFC), apart from each other, in its order. */
  find(text: string): TermMatch[] {
    const stem = stemmer(this.#language);
    const found = words(text);
    const out: TermMatch[] = [];
    for (let from = 0; from < found.length; ) {
      let node: Node | undefined = this.#root;
      let match: TermMatch | null = null;
      let after = from;
      for (let to = from; to < found.length; to++) {
        node = node.next.get(stem((found[to] as { text: string }).text));
        if (!node) break;
        if (node.terms.length === 0) continue;
        const surface = found.slice(from, to + 1).map((word) => word.text);
        const best = this.#choose(node.terms, surface);
        if (!best) continue;
        match = { ...best, start: found[from]?.start ?? 0, end: found[to]?.end ?? 0 };
        after = to + 1;
      }
      if (match) out.push(match);
      from = match ? after : from + 1;
    }
    return out;
  }

  /** Of terms with the same stems the one that fits the letters best. */
  #choose(terms: Node['terms'], surface: readonly string[]): Pick<TermMatch, 'term' | 'form'> | null {
    const same = (fold: (word: string) => string) => (entry: Node['terms'][number]) =>
      entry.words.every((word, i) => fold(word) === fold(surface[i] as string));
    const letters = terms.find(same(String));
    if (letters) return { term: letters.term, form: 'exact' };
    const free = terms.filter(({ term }) => !term.caseSensitive);
    const exact = free.find(same((word) => word.toLowerCase()));
    if (exact) return { term: exact.term, form: 'exact' };
    const other = free.find(
      (entry) =>
        entry.term.inflected !== false &&
        entry.words.every((word, i) =>
          isInflection(word.toLowerCase(), (surface[i] as string).toLowerCase(), this.#language),
        ),
    );
    return other ? { term: other.term, form: 'inflected' } : null;
  }
}
