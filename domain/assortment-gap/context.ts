import type { Mention } from './link.ts';
import { tokensOf } from './tokens.ts';

/** A mention in its sentence, and whether the product is bought again and again by who wrote it. */
export interface JudgedMention {
  readonly customer: number;
  readonly sentence: string;
  readonly mention: Mention;
  readonly bought: boolean;
}

/** ln of how much oftener a word or pair of words stands beside products that are bought than beside others. */
export type ContextModel = ReadonlyMap<string, number>;

/** Occurrences imagined in beforehand. */
const prior = 8;

/** Words of a sentence outside a mention, and their pairs; the sides of the mention are told apart. */
export function contextOf(sentence: string, { start, end }: { start: number; end: number }): string[] {
  const out: string[] = [];
  let before = '';
  for (const token of tokensOf(sentence)) {
    if (token.start < end && token.end > start) {
      before = '';
      continue;
    }
    const side = token.end <= start ? '<' : '>';
    out.push(`${side}${token.word}`);
    if (before !== '') out.push(`${before} ${token.word}`);
    before = token.word;
  }
  return out;
}

/** Counts words beside mentions, of those that fit well. */
export function learnContext(mentions: readonly JudgedMention[]): ContextModel {
  const counts = new Map<string, [number, number]>();
  const all = [0, 0];
  for (const { sentence, mention, bought } of mentions) {
    if (mention.score < 0.5) continue;
    all[bought ? 1 : 0]!++;
    for (const word of new Set(contextOf(sentence, mention))) {
      const known = counts.get(word);
      if (known) known[bought ? 1 : 0]++;
      else counts.set(word, bought ? [0, 1] : [1, 0]);
    }
  }
  const rate = (all[1]! + 1) / (all[0]! + all[1]! + 2);
  const out = new Map<string, number>();
  for (const [word, [no, yes]] of counts) {
    if (no + yes < 5) continue;
    // Models at rest have numbers of 32 bits; they must not score otherwise.
    out.set(word, Math.fround(Math.log((yes + prior * rate) / (no + prior * (1 - rate)) / (rate / (1 - rate)))));
  }
  return out;
}

/** The strongest words for and against, added. */
export function contextScore(model: ContextModel, words: readonly string[]): number {
  let [most, least] = [0, 0];
  for (const word of words) {
    const one = model.get(word) ?? 0;
    most = Math.max(most, one);
    least = Math.min(least, one);
  }
  return most + least;
}
