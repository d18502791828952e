import type { Mention } from './link.ts';
import { addByWord, type BeyondExpected, beyondExpected, type Purchase } from './ownership.ts';
import { tokensOf } from './tokens.ts';

/** A mention in its sentence, and whether who wrote it buys the product. */
export interface JudgedMention extends Purchase {
  readonly customer: number;
  readonly sentence: string;
  readonly mention: Mention;
}

/** ln of how much oftener a word or pair of words stands beside products that are bought beyond expectation than beside others. */
export type ContextModel = ReadonlyMap<string, number>;

/** Occurrences imagined in beforehand. */
const prior = 8;
/** Share of mentions that are bought beyond expectation, at least. */
const leastRate = 0.01;

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

/** Counts words beside mentions, of those that fit well; what is bought as expected anyway doesn't count. */
export function learnContext(mentions: readonly JudgedMention[]): ContextModel {
  const counts = new Map<string, BeyondExpected>();
  const all = { surplus: 1, possible: 2 };
  for (const one of mentions) {
    if (one.mention.score < 0.5) continue;
    const beyond = beyondExpected(one);
    all.surplus += beyond.surplus;
    all.possible += beyond.possible;
    addByWord(counts, contextOf(one.sentence, one.mention), beyond);
  }
  const rate = Math.max(leastRate, all.surplus / all.possible);
  const out = new Map<string, number>();
  for (const [word, { surplus, possible }] of counts) {
    if (possible < 5) continue;
    const yes = Math.max(0, surplus) + prior * rate;
    const no = possible - Math.max(0, surplus) + prior * (1 - rate);
    // Models at rest have numbers of 32 bits; they must not score otherwise.
    out.set(word, Math.fround(Math.log(yes / no / (rate / (1 - rate)))));
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
