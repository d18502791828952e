import { Pace, type TrainHooks } from '../nlp/index.ts';
import { associate } from './associations.ts';
import { type Catalogue, catalogueOf } from './catalogue.ts';
import { lessonsOf } from './lessons.ts';
import { Linker } from './link.ts';
import { type Ownership, ownershipOf } from './ownership.ts';
import { blended, type Readings, readingsOf } from './readings.ts';
import { roundHooks } from './round-hooks.ts';
import { type EncoderOptions, type Lessons, trainWordEncoder } from './train-encoder.ts';
import type { Assortment, CustomerText } from './types.ts';
import type { WordEncoder } from './word-encoder.ts';

export interface LinkerOptions extends EncoderOptions {
  /** Times that what the last encoder reads teaches the next, at least 1; default 5. */
  readonly rounds?: number;
}

/** A word of the catalogue that is said in a smaller share of the mentions of its products is missed less where it is not. */
const often = 0.25;

/**
 * Learns to find products in customers' texts without a label: first from names, and from what purchases say of words
 * ({@link associate}); then, round by round, from what is spoken of around words ({@link readingsOf}), and from its own sure
 * mentions (self-training; Yarowsky 1995), as far as purchases bear them out ({@link lessonsOf}). Goes on from its checkpoint to the bit.
 *
 * @returns the encoder, what was read of words before its last training, which is nothing without texts, and what purchases say.
 * @throws DATA_MISSING when no product has a name, CANCELLED on abort.
 */
export async function trainLinker(
  assortment: Assortment,
  texts: readonly CustomerText[],
  options: LinkerOptions,
  hooks: TrainHooks,
): Promise<{ encoder: WordEncoder; read: Readings | null; ownership: Ownership }> {
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
    if (round === last) {
      return { encoder: read ? weighted(encoder, catalogue, read.said) : encoder, read, ownership };
    }
    // On resume only the last whole round has something to teach.
    if (round + 1 < Math.min(shared.done.length, last)) continue;
    const plain = new Linker(assortment.names, encoder);
    read = await readingsOf(plain, catalogue, assortment, texts, ownership, known.words, pace);
    const meant = blended(read, plain, catalogue);
    const linker = new Linker(assortment.names, encoder, meant);
    lessons = await lessonsOf(linker, read, meant, catalogue, texts, ownership, pace);
  }
}

/** What nobody says of a name, such as its pack, is not missed where it is not said. */
function weighted(encoder: WordEncoder, { words }: Catalogue, said: Float32Array): WordEncoder {
  return {
    ...encoder,
    weight: new Map(words.map((text, c) => [text, encoder.weight.get(text)! * Math.min(1, said[c]! / often)])),
  };
}

/** Characters of texts, and how many there are. */
function sizeOf(texts: readonly CustomerText[]): number[] {
  const characters = texts.reduce((sum, { sentences }) => sum + sentences.reduce((n, one) => n + one.length, 0), 0);
  return [texts.length, characters];
}
