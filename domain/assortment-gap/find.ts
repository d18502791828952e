import type { GapEvidence } from '../../contracts/gaps.ts';
import { Pace } from '../nlp/index.ts';
import type { GapModel } from './gap.ts';
import { Linker } from './link.ts';
import { OutsideFinder } from './outside.ts';
import type { CustomerText } from './types.ts';
import { type UsageModel, usageOf } from './usage.ts';

/** A product that a customer seems to use and has never bought. */
export interface AssortmentGap {
  readonly customer: number;
  readonly product: number;
  /** Chance that the customer uses it. */
  readonly score: number;
  /** The surest mention first. */
  readonly evidence: readonly GapEvidence[];
}

/** Something a customer seems to use that is not in the assortment. */
export interface OutsideGap extends Omit<AssortmentGap, 'product'> {
  /** The words that customers have for it. */
  readonly name: string;
}

/** Most mentions kept as evidence of a gap. */
const mostEvidence = 3;

/** Finds what customers use and don't buy, in any number of texts. */
export class GapFinder {
  readonly #linker: Linker;
  readonly #outside: OutsideFinder;
  readonly #usage: UsageModel;
  readonly #things: readonly string[];

  /** @param names of the products, as the model was trained with. */
  constructor(names: readonly string[], { encoder, usage, outside }: GapModel) {
    this.#linker = new Linker(names, encoder);
    this.#outside = new OutsideFinder(usage, outside);
    this.#usage = usage;
    this.#things = outside.things.map(({ name }) => name);
  }

  /**
   * The gaps of customers, the likeliest first within a customer. Several mentions of a thing count as independent.
   *
   * @param hasBought whether the customer has ever bought the product; then it is no gap.
   * @throws CANCELLED on abort.
   */
  async find(
    texts: readonly CustomerText[],
    hasBought: (customer: number, product: number) => boolean,
    signal: AbortSignal,
  ): Promise<{ gaps: AssortmentGap[]; outside: OutsideGap[] }> {
    const [products, things] = [new Gathered(), new Gathered()];
    const pace = new Pace(signal);
    for (const { customer, source, sentences } of texts) {
      for (const sentence of sentences) {
        const mentions = this.#linker.mentions(sentence);
        for (const mention of mentions) {
          const { product, start, end } = mention;
          if (hasBought(customer, product)) continue;
          products.add(
            customer,
            product,
            { source, sentence, start, end },
            usageOf(this.#usage, { sentence, mention }),
          );
        }
        for (const { thing, start, end, chance } of this.#outside.mentions(sentence, mentions))
          things.add(customer, thing, { source, sentence, start, end }, chance);
      }
      if (pace.due) await pace.rest();
    }
    return {
      gaps: products.all().map(({ what, ...rest }) => ({ ...rest, product: what })),
      outside: things.all().map(({ what, ...rest }) => ({ ...rest, name: this.#things[what] ?? '' })),
    };
  }
}

/** Mentions by customer and by what they speak of. */
class Gathered {
  readonly #found = new Map<
    string,
    { customer: number; what: number; spoken: { evidence: GapEvidence; chance: number }[] }
  >();

  add(customer: number, what: number, evidence: GapEvidence, chance: number): void {
    const key = `${customer} ${what}`;
    const known = this.#found.get(key);
    if (known) known.spoken.push({ evidence, chance });
    else this.#found.set(key, { customer, what, spoken: [{ evidence, chance }] });
  }

  all(): { customer: number; what: number; score: number; evidence: GapEvidence[] }[] {
    return [...this.#found.values()]
      .map(({ customer, what, spoken }) => ({
        customer,
        what,
        score: 1 - spoken.reduce((none, { chance }) => none * (1 - chance), 1),
        evidence: spoken
          .sort((a, b) => b.chance - a.chance)
          .slice(0, mostEvidence)
          .map(({ evidence }) => evidence),
      }))
      .sort((a, b) => a.customer - b.customer || b.score - a.score || a.what - b.what);
  }
}
