import type { Mention } from './link.ts';
import { clausesOf, type Token } from './tokens.ts';

/** Where products stand in sentences, whatever they are: how often one begins behind certain words, and ends before others. */
export interface SlotModel {
  readonly begins: ReadonlyMap<string, number>;
  readonly ends: ReadonlyMap<string, number>;
  /** Share of sure mentions among all words and mentions. */
  readonly usual: number;
}

/** A place in a sentence where a product might stand. */
export interface Slot {
  readonly tokens: readonly Token[];
  /** Share of sure mentions among what begins behind the same words, and among what ends before the same. */
  readonly begins: number;
  readonly ends: number;
}

/** Mentions at least as good are sure. */
const sure = 0.5;
/** Products stand where so many times as many mentions as usual begin and end, or half of what stands there is one, as in lists. */
const lift = 2;
const half = 0.5;
/** Most words of a slot. */
const longest = 4;
/** Words that stand beside fewer places tell nothing. */
const fewest = 5;
/** Stands for a sure mention among words, and for the ends of a sentence. */
const product = '◦';
const edge = '|';

interface Unit {
  readonly word: string;
  /** The word; null for a mention. */
  readonly token: Token | null;
  /** Which clause it stands in. */
  readonly clause: number;
}

/** The words of a sentence, each sure mention as one. */
function unitsOf(sentence: string, mentions: readonly Mention[]): Unit[] {
  const out: Unit[] = [];
  const known = mentions.filter(({ score }) => score >= sure);
  let inside: Mention | undefined;
  for (const [clause, tokens] of clausesOf(sentence).entries()) {
    for (const token of tokens) {
      const own = known.find(({ start, end }) => token.start >= start && token.end <= end);
      if (!own) out.push({ word: token.word, token, clause });
      else if (own !== inside) out.push({ word: product, token: null, clause });
      inside = own;
    }
  }
  return out;
}

/** The two words before a place, and the one; the two behind, and the one. */
function keysAt(units: readonly Unit[], from: number, to: number): { before: string[]; behind: string[] } {
  const word = (i: number): string => units[i]?.word ?? edge;
  return {
    before: [`${word(from - 2)} ${word(from - 1)}`, word(from - 1)],
    behind: [`${word(to)} ${word(to + 1)}`, word(to)],
  };
}

/** Counts where sure mentions begin and end. */
export class SlotCounter {
  readonly #begins = new Map<string, [all: number, mentions: number]>();
  readonly #ends = new Map<string, [all: number, mentions: number]>();
  #all = 0;
  #mentions = 0;

  add(sentence: string, mentions: readonly Mention[]): void {
    const units = unitsOf(sentence, mentions);
    for (let i = 0; i < units.length; i++) {
      const { before, behind } = keysAt(units, i, i + 1);
      const isMention = units[i]!.token === null;
      this.#all++;
      if (isMention) this.#mentions++;
      for (const [counts, keys] of [
        [this.#begins, before],
        [this.#ends, behind],
      ] as const) {
        for (const key of keys) {
          const known = counts.get(key) ?? [0, 0];
          known[0]++;
          if (isMention) known[1]++;
          counts.set(key, known);
        }
      }
    }
  }

  model(): SlotModel {
    const shares = (counts: ReadonlyMap<string, [number, number]>) =>
      new Map(
        [...counts].flatMap(([key, [all, mentions]]) =>
          all < fewest ? [] : [[key, Math.fround(mentions / all)] as const],
        ),
      );
    const usual = this.#mentions / Math.max(1, this.#all);
    return { begins: shares(this.#begins), ends: shares(this.#ends), usual };
  }
}

/** Places of a sentence without a sure mention where products stand otherwise, the likeliest of those that overlap. */
export function slotsOf({ begins, ends, usual }: SlotModel, sentence: string, mentions: readonly Mention[]): Slot[] {
  const units = unitsOf(sentence, mentions);
  const needed = Math.min(lift * usual, half);
  const share = (shares: ReadonlyMap<string, number>, [pair, one]: readonly string[]): number =>
    shares.get(pair as string) ?? shares.get(one as string) ?? 0;
  const found: (Slot & { from: number; to: number })[] = [];
  for (let from = 0; from < units.length; from++) {
    const begin = share(begins, keysAt(units, from, from).before);
    if (begin <= needed) continue;
    for (let to = from + 1; to <= Math.min(units.length, from + longest); to++) {
      const last = units[to - 1]!;
      if (last.token === null || last.clause !== units[from]!.clause) break;
      const end = share(ends, keysAt(units, to, to).behind);
      if (end <= needed) continue;
      found.push({ from, to, begins: begin, ends: end, tokens: units.slice(from, to).map(({ token }) => token!) });
    }
  }
  found.sort((a, b) => b.begins * b.ends - a.begins * a.ends || b.to - b.from - (a.to - a.from) || a.from - b.from);
  const taken = new Uint8Array(units.length);
  return found.filter(({ from, to }) => {
    if (taken.subarray(from, to).includes(1)) return false;
    taken.fill(1, from, to);
    return true;
  });
}
