import { PerennialError } from '../../contracts/errors.ts';
import { Pace, type TrainHooks } from '../nlp/index.ts';
import type { JudgedMention } from './context.ts';
import { Linker } from './link.ts';
import { learnOutside, type OutsideModel, type ReadSentence } from './outside.ts';
import type { Readings } from './readings.ts';
import { type LinkerOptions, trainLinker } from './train-linker.ts';
import type { Assortment, CustomerText } from './types.ts';
import { trainUsage, type UsageModel } from './usage.ts';
import type { WordEncoder } from './word-encoder.ts';

/** Tells what customers use and don't buy; see {@link GapFinder}. */
export interface GapModel {
  readonly encoder: WordEncoder;
  readonly usage: UsageModel;
  readonly outside: OutsideModel;
}

/** Fewest customers who write and buy that something is learned from, and fewest mentions, of what they buy and of all. */
const least = { customers: 100, bought: 50, mentions: 200 } as const;
/** Sentences from which learning takes all its steps; fewer are learned in fewer. */
const many = 10_000;
/** Steps of a round. */
const allSteps = 400;

/**
 * Learns from names, purchases and texts alone how customers speak of products ({@link trainLinker}), and how they speak of
 * those they use ({@link trainUsage}), and what they use besides ({@link learnOutside}). Steps and rounds that `options` leave open are fewer for few sentences.
 *
 * @throws DATA_MISSING when no product has a name, or too few customers write of what they buy; CANCELLED on abort.
 */
export async function trainGap(
  assortment: Assortment,
  texts: readonly CustomerText[],
  options: LinkerOptions,
  hooks: TrainHooks,
): Promise<GapModel> {
  const { start } = assortment.bought;
  const writers = new Set(texts.map(({ customer }) => customer).filter((c) => start[c + 1]! > start[c]!)).size;
  if (writers < least.customers)
    throw missing(`${writers} customers with texts buy something again and again; ${least.customers} are needed`);
  const sentences = texts.reduce((sum, text) => sum + text.sentences.length, 0);
  const effort =
    sentences < many
      ? { steps: Math.max(100, Math.round(allSteps * (sentences / many))), rounds: 2 }
      : { steps: allSteps };
  const { encoder, read: meanings, ownership } = await trainLinker(assortment, texts, { ...effort, ...options }, hooks);
  const linker = new Linker(assortment.names, encoder);
  const read: ReadSentence[] = [];
  const pace = new Pace(hooks.signal);
  for (const { customer, sentences: own } of texts) {
    for (const sentence of own) read.push({ customer, sentence, mentions: linker.mentions(sentence) });
    if (pace.due) await pace.rest();
  }
  const judged: JudgedMention[] = read.flatMap(({ customer, sentence, mentions }) =>
    mentions.map((mention) => ({
      customer,
      sentence,
      mention,
      ...ownership.purchaseOf(customer, mention.product),
    })),
  );
  const bought = judged.filter((one) => one.bought).length;
  if (bought < least.bought || judged.length < least.mentions)
    throw missing(
      `the texts speak ${judged.length} times of products, ${bought} times of such as are bought; ${least.mentions} and ${least.bought} are needed`,
    );
  // Learned in seconds, and its checkpoints are none of the encoder's.
  const own: TrainHooks = { ...hooks, checkpoint: { load: async () => null, save: async () => {} } };
  const usage = await trainUsage(judged, options.seed, own);
  return { encoder, usage, outside: await learnOutside(linker, meanings as Readings, read, judged, pace) };
}

function missing(what: string): PerennialError {
  return new PerennialError('DATA_MISSING', what, { remedy: 'Bring documents of more customers into the lake.' });
}
