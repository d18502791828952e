import { stemmer, words } from '../text/index.ts';

/** Forms rarer than this share of all forms of a stem are taken for accidents. */
const leastShare = 0.1;

/**
 * Base forms without a dictionary: of all forms with the same stem the shortest, and of those the most frequent, that
 * makes up a tenth of them. For nouns that is mostly the nominative singular, for adjectives the uninflected form; for
 * verbs it is a short form of the present. Unknown stems have none.
 */
export class BaseForms {
  readonly #forms = new Map<string, Map<string, number>>();
  readonly #stem: (word: string) => string;

  constructor(language: string) {
    this.#stem = stemmer(language);
  }

  /** The stems of a text's words, joined by blanks: the same for all inflected forms of a term. */
  key(text: string): string {
    return words(text)
      .map((word) => this.#stem(word.text))
      .join(' ');
  }

  /** Counts a form, a word or a term of several words. */
  add(key: string, form: string): void {
    let forms = this.#forms.get(key);
    if (!forms) {
      forms = new Map();
      this.#forms.set(key, forms);
    }
    forms.set(form, (forms.get(form) ?? 0) + 1);
  }

  /** Counts the words of a text, but not the first: its capital may be due to its place. */
  addText(text: string): void {
    for (const [i, word] of words(text).entries()) {
      if (i > 0 && word.kind === 'word') this.add(this.#stem(word.text), word.text);
    }
  }

  base(key: string): string | undefined {
    const forms = this.#forms.get(key);
    if (!forms) return undefined;
    const total = [...forms.values()].reduce((sum, n) => sum + n, 0);
    const common = [...forms].filter(([, n]) => n >= leastShare * total);
    const order = (common.length > 0 ? common : [...forms]).sort(
      ([a, m], [b, n]) => a.length - b.length || n - m || (a < b ? -1 : 1),
    );
    return order[0]?.[0];
  }
}
