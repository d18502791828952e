import { PerennialError } from '../../contracts/errors.ts';
import { Pace, type TrainHooks } from '../nlp/index.ts';
import type { JudgedMention } from './context.ts';
import { Linker, type Mention } from './link.ts';
import { type LinkerOptions, trainLinker } from './train-linker.ts';
import type { Assortment, CustomerText } from './types.ts';
import { trainUsage, type UsageModel, usageOf } from './usage.ts';
import type { WordEncoder } from './word-encoder.ts';

/** Finds what customers use and don't buy. */
export interface GapModel {
  readonly encoder: WordEncoder;
  readonly usage: UsageModel;
}

/** Where a text speaks of a product. */
export interface GapEvidence {
  /** Name of the text. */
  readonly source: string;
  readonly sentence: string;
  /** Offsets in the sentence. */
  readonly start: number;
  readonly end: number;
}

/** A product that a customer seems to use and has never bought. */
export interface AssortmentGap {
  readonly customer: number;
  readonly product: number;
  /** Chance that the customer uses it. */
  readonly score: number;
  /** The surest mention first. */
  readonly evidence: readonly GapEvidence[];
}

/** Most mentions kept as evidence of a gap. */
const mostEvidence = 3;
/** Fewest customers who write and buy that something is learned from, and fewest mentions, of what they buy and of all. */
const least = { customers: 100, bought: 50, mentions: 200 } as const;
/** Sentences from which learning takes all its steps; fewer are learned in fewer. */
const many = 10_000;

/**
 * Learns from names, purchases and texts alone how customers speak of products ({@link trainLinker}), and how they speak of
 * those they use ({@link trainUsage}). Steps and rounds that `options` leave open are fewer for few sentences.
 *
 * @throws DATA_MISSING when no product has a name, or too few customers write of what they buy; CANCELLED on abort.
 */
export async function trainGap(
  assortment: Assortment,
  texts: readonly CustomerText[],
  options: LinkerOptions,
  hooks: TrainHooks,
): Promise<GapModel> {
  const { start, product } = assortment.bought;
  const writers = new Set(texts.map(({ customer }) => customer).filter((c) => start[c + 1]! > start[c]!)).size;
  if (writers < least.customers)
    throw missing(`${writers} customers with texts buy something again and again; ${least.customers} are needed`);
  const sentences = texts.reduce((sum, text) => sum + text.sentences.length, 0);
  const effort = sentences < many ? { steps: Math.max(150, Math.round(600 * (sentences / many))), rounds: 1 } : {};
  const encoder = await trainLinker(assortment, texts, { ...effort, ...options }, hooks);
  const linker = new Linker(assortment.names, encoder);
  const judged: JudgedMention[] = [];
  await forEachMention(linker, texts, new Pace(hooks.signal), ({ customer }, sentence, mention) => {
    const own = product.subarray(start[customer]!, start[customer + 1]!);
    judged.push({ customer, sentence, mention, bought: own.includes(mention.product) });
  });
  const bought = judged.filter((one) => one.bought).length;
  if (bought < least.bought || judged.length < least.mentions)
    throw missing(
      `the texts speak ${judged.length} times of products, ${bought} times of such as are bought; ${least.mentions} and ${least.bought} are needed`,
    );
  // Learned in seconds, and its checkpoints are none of the encoder's.
  const own: TrainHooks = { ...hooks, checkpoint: { load: async () => null, save: async () => {} } };
  return { encoder, usage: await trainUsage(judged, options.seed, own) };
}

function missing(what: string): PerennialError {
  return new PerennialError('DATA_MISSING', what, { remedy: 'Bring documents of more customers into the lake.' });
}

/**
 * The gaps of customers, the likeliest first within a customer. Several mentions of a product count as independent.
 *
 * @param hasBought whether the customer has ever bought the product; then it is no gap.
 * @throws CANCELLED on abort.
 */
export async function findGaps(
  names: readonly string[],
  { encoder, usage }: GapModel,
  texts: readonly CustomerText[],
  hasBought: (customer: number, product: number) => boolean,
  signal: AbortSignal,
): Promise<AssortmentGap[]> {
  const found = new Map<string, { customer: number; product: number; spoken: (GapEvidence & { chance: number })[] }>();
  await forEachMention(
    new Linker(names, encoder),
    texts,
    new Pace(signal),
    ({ customer, source }, sentence, mention) => {
      const { product, start, end } = mention;
      if (hasBought(customer, product)) return;
      const key = `${customer} ${product}`;
      const spoken = { source, sentence, start, end, chance: usageOf(usage, { sentence, mention }) };
      const known = found.get(key);
      if (known) known.spoken.push(spoken);
      else found.set(key, { customer, product, spoken: [spoken] });
    },
  );
  return [...found.values()]
    .map(({ customer, product, spoken }) => ({
      customer,
      product,
      score: 1 - spoken.reduce((none, { chance }) => none * (1 - chance), 1),
      evidence: spoken
        .sort((a, b) => b.chance - a.chance)
        .slice(0, mostEvidence)
        .map(({ chance: _, ...evidence }) => evidence),
    }))
    .sort((a, b) => a.customer - b.customer || b.score - a.score || a.product - b.product);
}

async function forEachMention(
  linker: Linker,
  texts: readonly CustomerText[],
  pace: Pace,
  seen: (text: CustomerText, sentence: string, mention: Mention) => void,
): Promise<void> {
  for (const text of texts) {
    for (const sentence of text.sentences)
      for (const mention of linker.mentions(sentence)) seen(text, sentence, mention);
    if (pace.due) await pace.rest();
  }
}
