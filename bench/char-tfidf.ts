/** Nearest neighbours by character n-grams weighted by TF-IDF: what text matching is usually done with. */
export class CharTfIdf {
  readonly #postings = new Map<string, { readonly row: number; readonly value: number }[]>();
  readonly #idf = new Map<string, number>();
  readonly #rows: number;

  constructor(texts: readonly string[]) {
    this.#rows = texts.length;
    const grams = texts.map(gramsOf);
    const documents = new Map<string, number>();
    for (const own of grams) for (const gram of own.keys()) documents.set(gram, (documents.get(gram) ?? 0) + 1);
    for (const [gram, count] of documents) this.#idf.set(gram, Math.log((1 + texts.length) / (1 + count)) + 1);
    grams.forEach((own, row) => {
      const norm = this.#norm(own);
      for (const [gram, count] of own) {
        const value = (count * (this.#idf.get(gram) ?? 0)) / norm;
        const list = this.#postings.get(gram);
        if (list) list.push({ row, value });
        else this.#postings.set(gram, [{ row, value }]);
      }
    });
  }

  /** The text that is nearest, and its cosine; the first of equals. */
  nearest(text: string): { row: number; cosine: number } {
    const own = gramsOf(text);
    const norm = this.#norm(own);
    const cosines = new Float64Array(this.#rows);
    for (const [gram, count] of own) {
      const weight = (count * (this.#idf.get(gram) ?? 0)) / norm;
      for (const { row, value } of this.#postings.get(gram) ?? []) cosines[row]! += weight * value;
    }
    let row = 0;
    for (let r = 1; r < cosines.length; r++) if (cosines[r]! > cosines[row]!) row = r;
    return { row, cosine: cosines[row] ?? 0 };
  }

  #norm(grams: ReadonlyMap<string, number>): number {
    let sum = 1e-12;
    for (const [gram, count] of grams) sum += (count * (this.#idf.get(gram) ?? 0)) ** 2;
    return Math.sqrt(sum);
  }
}

/** Character 3- to 5-grams within words, their borders marked, as scikit-learn's `char_wb` has them. */
function gramsOf(text: string): Map<string, number> {
  const out = new Map<string, number>();
  for (const word of text.toLowerCase().split(/[^\p{L}\p{N}]+/u)) {
    const marked = ` ${word} `;
    for (let n = 3; n <= 5; n++) {
      for (let i = 0; i + n <= marked.length; i++) {
        const gram = marked.slice(i, i + n);
        out.set(gram, (out.get(gram) ?? 0) + 1);
      }
    }
  }
  return out;
}
