import { factor, type Segment } from '../subwords/index.ts';
import { type Aligner, alignable, type Link } from '../terminology/index.ts';
import { words } from '../text/index.ts';
import { sharedEntries } from './distance.ts';

/**
 * Which words of a fuzzy match's target belong to what its source shares with a text: those with a link to shared
 * words and none to others. Words without any link go with the word before them.
 */
export function sharedTargetWords(text: string, source: string, target: string, links: readonly Link[]): boolean[] {
  const split = (given: string) => words(given).map((word) => word.text.toLowerCase());
  const shared = sharedEntries(split(text), split(source));
  const state = words(target).map(() => 0);
  for (const [i, j] of links) {
    if (state[j] === undefined) continue;
    state[j] = shared[i] && state[j] >= 0 ? 1 : -1;
  }
  let before = 1;
  return state.map((value) => {
    if (value !== 0) before = value;
    return before > 0;
  });
}

/**
 * A fuzzy match as parts of a model's input, to stand behind the source (Bulte and Tezcan 2019): a separator and the
 * match's target, its words told apart by factors into those that belong to what both sources share and the others
 * (Xu et al. 2020). Without an aligner all count as shared.
 */
export function fuzzyParts(
  text: string,
  match: { readonly source: string; readonly target: string },
  languages: { readonly source: string; readonly target: string },
  aligner?: Aligner,
): Segment[] {
  const parts: Segment[] = [{ special: 'fuzzy', factor: factor.fuzzy }];
  const found = words(match.target);
  const shared = aligner
    ? sharedTargetWords(text, match.source, match.target, aligner.align(alignable(match, languages)))
    : found.map(() => true);
  let at = 0;
  for (let i = 0; i < found.length; ) {
    let to = i + 1;
    while (to < found.length && shared[to] === shared[i]) to++;
    // A part begins with the blank before its first word.
    const next = found[to];
    const end = next ? (match.target[next.start - 1] === ' ' ? next.start - 1 : next.start) : match.target.length;
    const part = { text: match.target.slice(at, end), factor: shared[i] ? factor.fuzzy : factor.fuzzyOther };
    parts.push(at === 0 ? { ...part, sentence: languages.target } : part);
    at = end;
    i = to;
  }
  return parts;
}
