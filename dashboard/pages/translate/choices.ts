import type { ResourceRecord } from '../../../contracts/language-data.ts';
import type { LanguagePairRecord, TranslationRequest } from '../../../contracts/translation.ts';

/** A language pair; `source` is null while it is not known. */
export interface Pair {
  readonly source: string | null;
  readonly target: string;
}

/** Most memories, and most glossaries, of a request. */
const most = 20;

/**
 * The pair that is wanted, as far as there is one: by the address, else the first.
 *
 * @param from null: to be detected.
 */
export function pairOf(
  pairs: readonly LanguagePairRecord[],
  { from, to }: { readonly from: string | null; readonly to: string | null },
): Pair | null {
  const fitting = pairs.filter(({ source }) => from === null || source === from);
  const pair = fitting.find(({ target }) => target === to) ?? fitting[0] ?? pairs[0];
  if (!pair) return null;
  const sources = pairs.filter(({ target }) => target === pair.target);
  return { source: from === null && sources.length > 1 ? null : pair.source, target: pair.target };
}

/** Languages that texts may be in that are translated into one. */
export const sourcesOf = (pairs: readonly LanguagePairRecord[], target: string): readonly string[] =>
  pairs.filter((pair) => pair.target === target).map(({ source }) => source);

/** Whether texts of one language tag may be those of another: the same, or one of them leaves the region out. */
export function isLanguage(tag: string, of: string): boolean {
  const [base, other] = [tag.split('-')[0], of.split('-')[0]];
  return tag === of || (base === other && (tag === base || of === other));
}

/** Memories or glossaries of a pair. */
export const ofPair = (resources: readonly ResourceRecord[], { source, target }: Pair): readonly ResourceRecord[] =>
  source === null
    ? []
    : resources.filter((resource) => isLanguage(resource.source, source) && isLanguage(resource.target, target));

/** Ids that the address names, among those there are: all when it names none, none for `none`. */
export function chosenOf(word: string | undefined, fitting: readonly ResourceRecord[]): readonly string[] {
  const ids = fitting.map(({ id }) => id).slice(0, most);
  if (word === undefined) return ids;
  const named = word.split(',');
  return ids.filter((id) => named.includes(id));
}

/** How the address names what is chosen; null: all, which needs no word. */
export function wordOf(ids: readonly string[], fitting: readonly ResourceRecord[]): string | null {
  if (ids.length === 0) return 'none';
  return ids.length === Math.min(most, fitting.length) ? null : ids.join(',');
}

export interface Wanted {
  readonly pair: Pair;
  readonly glossaries: readonly string[];
  readonly memories: readonly string[];
  /** Version or alias; null: as served now. */
  readonly model: string | null;
}

/** The request for a text. */
export function requestOf(text: string, { pair, glossaries, memories, model }: Wanted): TranslationRequest {
  return {
    text,
    target: pair.target,
    sentences: true,
    // By their ids: where translations are made, the list of a pair's memories may be some seconds old.
    memory: memories.length > 0 && { ids: [...memories] },
    ...(pair.source === null ? {} : { source: pair.source }),
    ...(glossaries.length === 0 ? {} : { glossaries: [...glossaries] }),
    ...(model === null ? {} : { model }),
  };
}
