/** An entry of a memory whose source is the one asked for. */
export interface ExactHit {
  readonly memory: string;
  readonly entry: string;
  readonly source: string;
  readonly target: string;
}

/** An entry whose source is like the one asked for; `source` and `target` are masked, as the text asked for is. */
export interface SimilarHit extends ExactHit {
  /**
   * `exact`: the same but for white space; `numbers`: only numbers or placeholders differ, and were exchanged in the target;
   * `fuzzy`: everything else.
   */
  readonly kind: 'exact' | 'numbers' | 'fuzzy';
  /** From 0 to 1. */
  readonly score: number;
  /** The texts as the memory has them. */
  readonly stored: { readonly source: string; readonly target: string };
}

/** The memories that a translation may use. */
export interface MemoryLookUp {
  /** The best entry for each source that has one, compared as `normaliseSource` does. */
  exact(sources: readonly string[]): Promise<ReadonlyMap<string, ExactHit>>;
  /** The best entry for a masked text from the threshold on; null: none. */
  similar(masked: string, threshold: number): SimilarHit | null;
}

/** No memory at all. */
export const noMemory: MemoryLookUp = {
  exact: async () => new Map(),
  similar: () => null,
};
