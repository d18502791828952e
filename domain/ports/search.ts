import type { SearchHit } from '../../contracts/search.ts';

/** What is found before it is ranked. */
export type FoundThing = Omit<SearchHit, 'score'>;

/** Finds things by words of their ids and names. */
export interface SearchIndex {
  /**
   * Things in whose id, title or detail each of the words occurs, in any capitals: at most `limit` of each kind, the newest first. Of
   * kinds that grow without end the newest are looked through; runs and customers are also found by the beginning of their ids.
   *
   * @param options.owner the key whose documents are looked through; null: all.
   */
  find(
    words: readonly string[],
    options: { readonly limit: number; readonly owner: string | null },
  ): Promise<FoundThing[]>;
}
