import type { Pace } from '../nlp/index.ts';
import { AlikeWords } from './alike.ts';
import type { JudgedMention } from './context.ts';
import type { Linker, Mention } from './link.ts';
import type { Readings } from './readings.ts';
import { type Slot, SlotCounter, type SlotModel, slotsOf } from './slots.ts';
import { type Token, tokensOf } from './tokens.ts';
import { type UsageModel, usedIn } from './usage.ts';

/** Tells of things that customers use and no product of the catalogue is. */
export interface OutsideModel {
  readonly slots: SlotModel;
  /** Features of a mention that says its product well. */
  readonly typical: readonly number[];
  readonly things: readonly OutsideThing[];
  /** Words that many customers write and that tell no such thing. */
  readonly ordinary: readonly string[];
}

export interface OutsideThing {
  /** As most customers write it. */
  readonly name: string;
  /** The words that tell it, as in texts: in lower case, without accents. */
  readonly words: readonly string[];
  /** Chance that it is a thing, and no product of the catalogue. */
  readonly chance: number;
}

/** Where a text speaks of such a thing. */
export interface OutsideMention {
  /** Index of {@link OutsideModel.things}. */
  readonly thing: number;
  /** Offsets in the sentence. */
  readonly start: number;
  readonly end: number;
  /** Chance that it is used. */
  readonly chance: number;
}

/** A sentence with its mentions. */
export interface ReadSentence {
  readonly customer: number;
  readonly sentence: string;
  readonly mentions: readonly Mention[];
}

/** A word that means a word of the catalogue with a higher chance is understood. */
const understood = 0.5;
/** Of the times that a word of a thing is written, the least share where products stand and none is mentioned. */
const mostlyThere = 0.9;
/** Dice's coefficient of the n-grams of words that are one thing. */
const alike = 0.5;
/** Fewest customers who write of a thing, and most things. */
const [fewest, most] = [2, 5000] as const;

/**
 * Learns what customers use that no product is: words that stand nearly always where products stand otherwise, that are part of
 * no mention, and that mean nothing in the catalogue although so many customers write them that their purchases would tell it:
 * the chance of a thing is the share of the understood words that, with as many writers, purchases would have told more
 * clearly. Forms of a word are one thing.
 *
 * @throws CANCELLED on abort.
 */
export async function learnOutside(
  linker: Linker,
  read: Readings,
  sentences: readonly ReadSentence[],
  judged: readonly JudgedMention[],
  pace: Pace,
): Promise<OutsideModel> {
  const counter = new SlotCounter();
  const [there, everywhere] = [new Map<string, number>(), new Map<string, number>()];
  for (const { sentence, mentions } of sentences) {
    counter.add(sentence, mentions);
    for (const { word } of tokensOf(sentence)) everywhere.set(word, (everywhere.get(word) ?? 0) + 1);
    if (pace.due) await pace.rest();
  }
  const slots = counter.model();
  const seen: { customer: number; sentence: string; slot: Slot }[] = [];
  for (const { customer, sentence, mentions } of sentences) {
    for (const slot of slotsOf(slots, sentence, mentions)) {
      seen.push({ customer, sentence, slot });
      for (const { word } of slot.tokens) there.set(word, (there.get(word) ?? 0) + 1);
    }
    if (pace.due) await pace.rest();
  }
  const shareOf = (word: string): number => Math.min(1, (there.get(word) ?? 0) / (everywhere.get(word) ?? 1));
  const tells = (word: string): boolean => linker.understands(word) < understood && shareOf(word) >= mostlyThere;
  const told = toldBy(linker, read);
  const chanceOf = (word: string): number => (tells(word) ? shareOf(word) * (told.get(word) ?? 0) : 0);
  const groups = groupsOf(seen, tells);
  const things = groups
    .map(({ words, names }) => ({ name: commonest(names), words, chance: Math.max(...words.map(chanceOf)) }))
    .filter(({ chance }) => chance > 0)
    .slice(0, most);
  const own = new Set(things.flatMap(({ words }) => words));
  const ordinary = read.words.filter((word) => !own.has(word) && !tells(word));
  return { slots, typical: typicalOf(judged), things, ordinary };
}

/** Finds the things of an {@link OutsideModel} in sentences. */
export class OutsideFinder {
  readonly #usage: UsageModel;
  readonly #model: OutsideModel;
  readonly #ordinary: ReadonlySet<string>;
  readonly #alike = new AlikeWords();
  readonly #nearest = new Map<string, number>();

  constructor(usage: UsageModel, model: OutsideModel) {
    this.#usage = usage;
    this.#model = model;
    this.#ordinary = new Set(model.ordinary);
    for (const { words } of model.things) this.#alike.add(words);
  }

  /** @param mentions of products in the sentence. */
  mentions(sentence: string, mentions: readonly Mention[]): OutsideMention[] {
    if (this.#model.things.length === 0) return [];
    return slotsOf(this.#model.slots, sentence, mentions).flatMap(({ tokens }) => {
      const thing = this.#thingOf(tokens.map(({ word }) => word).filter((word) => !this.#ordinary.has(word)));
      if (thing < 0) return [];
      const [start, end] = [tokens[0]!.start, tokens.at(-1)!.end];
      const used = usedIn(this.#usage, { sentence, mention: { start, end, features: this.#model.typical } });
      return [{ thing, start, end, chance: used * this.#model.things[thing]!.chance }];
    });
  }

  #thingOf(words: readonly string[]): number {
    const key = words.join(' ');
    let known = this.#nearest.get(key);
    if (known === undefined) {
      known = this.#alike.nearest(words, alike);
      this.#nearest.set(key, known);
    }
    return known;
  }
}

/**
 * How surely a word would be known by what its writers buy if it meant something in the catalogue: the share of the understood
 * words that would have, with as many writers, a higher z-score than it has; z-scores grow with the root of the writers.
 */
function toldBy(linker: Linker, { words, strongest, evidence }: Readings): Map<string, number> {
  const strengths = words.flatMap((word, i) =>
    linker.understands(word) >= understood && evidence[i]! > 0 ? [strongest[i]! / Math.sqrt(evidence[i]!)] : [],
  );
  return new Map(
    words.map((word, i) => {
      const higher = strengths.reduce((sum, one) => sum + normal(one * Math.sqrt(evidence[i]!) - strongest[i]!), 0);
      return [word, higher / Math.max(1, strengths.length)];
    }),
  );
}

/** Distribution function of the normal distribution, by its logistic approximation (Bowling et al. 2009); off by 0.0002 at most. */
function normal(x: number): number {
  return 1 / (1 + Math.exp(-(0.07056 * x ** 3 + 1.5976 * x)));
}

interface Group {
  readonly words: readonly string[];
  readonly customers: Set<number>;
  readonly names: string[];
}

/** Telling words of slots, those that are alike as one, the commonest first. */
function groupsOf(
  seen: readonly { customer: number; sentence: string; slot: Slot }[],
  tells: (word: string) => boolean,
): Group[] {
  const found = new Map<string, Group>();
  for (const { customer, sentence, slot } of seen) {
    const telling = slot.tokens.filter(({ word }) => tells(word));
    if (telling.length === 0) continue;
    const words = telling.map(({ word }) => word);
    const group = found.get(words.join(' ')) ?? { words, customers: new Set(), names: [] };
    group.customers.add(customer);
    group.names.push(textOf(sentence, telling));
    found.set(words.join(' '), group);
  }
  const ordered = [...found.values()].sort(
    (a, b) => b.customers.size - a.customers.size || (a.words.join(' ') < b.words.join(' ') ? -1 : 1),
  );
  const index = new AlikeWords();
  const out: Group[] = [];
  for (const group of ordered) {
    const like = index.nearest(group.words, alike);
    if (like >= 0) {
      for (const customer of group.customers) out[like]!.customers.add(customer);
      continue;
    }
    index.add(group.words);
    out.push(group);
  }
  return out.filter(({ customers }) => customers.size >= fewest);
}

/** Mean features of mentions that say their products well. */
function typicalOf(judged: readonly JudgedMention[]): number[] {
  const good = judged.filter(({ mention }) => mention.score >= 0.8);
  const rows = (good.length > 0 ? good : judged).map(({ mention }) => mention.features);
  return (rows[0] ?? []).map((_, k) => Math.fround(rows.reduce((sum, row) => sum + row[k]!, 0) / rows.length));
}

function textOf(sentence: string, tokens: readonly Token[]): string {
  return sentence.slice(tokens[0]!.start, tokens.at(-1)!.end).toLowerCase();
}

function commonest(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const [first] = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return first?.[0] ?? '';
}
