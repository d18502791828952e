import { Pace, type TrainHooks } from '../nlp/index.ts';
import { associate } from './associations.ts';
import { type Catalogue, catalogueOf } from './catalogue.ts';
import { Linker } from './link.ts';
import { type Ownership, ownershipOf } from './ownership.ts';
import { blended, type Readings, readingsOf } from './readings.ts';
import { roundHooks } from './round-hooks.ts';
import { PurchaseSupport } from './support.ts';
import { tokensOf } from './tokens.ts';
import { type EncoderOptions, type Lessons, type NamedProduct, trainWordEncoder } from './train-encoder.ts';
import type { Assortment, CustomerText } from './types.ts';
import type { WordEncoder } from './word-encoder.ts';

export interface LinkerOptions extends EncoderOptions {
  /** Times that what the last encoder reads teaches the next, at least 1; default 5. */
  readonly rounds?: number;
}

/** Mentions at least as good teach what their words mean. */
const sure = 0.4;
/** Most sentences whose mentions teach the next round. */
const mostMentions = 20_000;
/** Words of a mention that mean something with a smaller chance are left out. */
const meaningful = 0.3;
/** Words of which less is known teach nothing. */
const leastEvidence = 1;
/** A word of the catalogue that is said in a smaller share of the mentions of its products is missed less where it is not. */
const often = 0.25;

/** Words that purchases bear out less, as a share of what is usual, mean less; their mentions teach nothing. */
const borneOut = 0.5;

interface SureMention extends NamedProduct {
  readonly bought: boolean;
  /** Chance that the customer buys the product, by its other purchases. */
  readonly expected: number;
}

/**
 * Learns to find products in customers' texts without a label: first from names, and from what purchases say of words
 * ({@link associate}); then, round by round, from what is spoken of around words ({@link readingsOf}), and from its own sure
 * mentions (self-training; Yarowsky 1995). Goes on from its checkpoint to the bit.
 *
 * @returns the encoder, and what was read of words before its last training; nothing without texts.
 * @throws DATA_MISSING when no product has a name, CANCELLED on abort.
 */
export async function trainLinker(
  assortment: Assortment,
  texts: readonly CustomerText[],
  options: LinkerOptions,
  hooks: TrainHooks,
): Promise<{ encoder: WordEncoder; read: Readings | null }> {
  const pace = new Pace(hooks.signal);
  const catalogue = catalogueOf(assortment.names);
  const ownership = await ownershipOf(assortment, pace);
  const known = await associate(catalogue, assortment, texts, ownership, pace);
  const last = texts.length === 0 ? 0 : Math.max(1, options.rounds ?? 5);
  const signature = JSON.stringify([options, assortment.names.length, sizeOf(texts)]);
  const shared = await roundHooks(hooks, signature, last + 1);
  let lessons: Lessons = { known, mentions: [] };
  let read: Readings | null = null;
  for (let round = 0; ; round++) {
    let encoder = shared.done[round];
    if (!encoder) {
      const seed = options.seed + round;
      encoder = await trainWordEncoder(assortment.names, lessons, { ...options, seed }, shared.next());
      await shared.finish(encoder);
    }
    if (round === last) return { encoder: read ? weighted(encoder, catalogue, read.said) : encoder, read };
    // On resume only the last whole round has something to teach.
    if (round + 1 < Math.min(shared.done.length, last)) continue;
    const plain = new Linker(assortment.names, encoder);
    read = await readingsOf(plain, catalogue, assortment, texts, ownership, known.words, pace);
    const meant = blended(read, plain, catalogue);
    const linker = new Linker(assortment.names, encoder, meant);
    const mentions = await sureMentions(linker, assortment, texts, ownership, pace);
    const support = supportOf(mentions);
    lessons = {
      known: taught(read, meant, support, catalogue.words.length),
      mentions: mentions.flatMap(({ words, product }) => {
        const borne = words.filter((word) => support(word) >= borneOut);
        return borne.length > 0 ? [{ words: borne, product }] : [];
      }),
    };
  }
}

/** How far purchases bear out the words of mentions. */
function supportOf(mentions: readonly SureMention[]): (word: string) => number {
  const support = new PurchaseSupport();
  for (const { words, bought, expected } of mentions) support.add(words, bought, expected);
  return support.shares();
}

/** What nobody says of a name, such as its pack, is not missed where it is not said. */
function weighted(encoder: WordEncoder, { words }: Catalogue, said: Float32Array): WordEncoder {
  return {
    ...encoder,
    weight: new Map(words.map((text, c) => [text, encoder.weight.get(text)! * Math.min(1, said[c]! / often)])),
  };
}

/** What the words mean of which enough is known. */
function taught(
  { words, evidence }: Readings,
  meant: ReadonlyMap<string, Float32Array>,
  support: (word: string) => number,
  width: number,
): Lessons['known'] {
  const known = words.filter((word, i) => evidence[i]! >= leastEvidence && meant.has(word));
  const chance = new Float32Array(known.length * width);
  known.forEach((word, i) => {
    const share = Math.min(1, support(word) / borneOut);
    chance.set(meant.get(word)!.subarray(0, width).map((one) => one * share), i * width);
  });
  return { words: known, chance };
}

/** Characters of texts, and how many there are. */
function sizeOf(texts: readonly CustomerText[]): number[] {
  const characters = texts.reduce((sum, { sentences }) => sum + sentences.reduce((n, one) => n + one.length, 0), 0);
  return [texts.length, characters];
}

/** Sure mentions in sentences spread over all texts, without the words that mean nothing: those would learn to say what nobody says. */
async function sureMentions(
  linker: Linker,
  { bought: { start, product } }: Assortment,
  texts: readonly CustomerText[],
  ownership: Ownership,
  pace: Pace,
): Promise<SureMention[]> {
  const mentions: SureMention[] = [];
  const all = texts.flatMap(({ customer, sentences }) => sentences.map((sentence) => ({ customer, sentence })));
  const stride = Math.max(1, all.length / mostMentions);
  for (let s = 0; s < all.length; s += stride) {
    const { customer, sentence } = all[Math.floor(s)]!;
    const own = product.subarray(start[customer]!, start[customer + 1]!);
    for (const mention of linker.mentions(sentence)) {
      if (mention.score < sure) continue;
      const words = tokensOf(sentence).flatMap(({ word, start, end }) =>
        start >= mention.start && end <= mention.end && linker.meaning(word).at(-1)! >= meaningful ? [word] : [],
      );
      if (words.length === 0) continue;
      const bought = own.includes(mention.product);
      mentions.push({ words, product: mention.product, bought, expected: ownership.chance(customer, mention.product) });
    }
    if (pace.due) await pace.rest();
  }
  return mentions;
}
