import { Pace, type TrainHooks } from '../nlp/index.ts';
import { type Associations, associate } from './associations.ts';
import { catalogueOf } from './catalogue.ts';
import { Linker } from './link.ts';
import { ownershipOf } from './ownership.ts';
import { roundHooks } from './round-hooks.ts';
import { type EncoderOptions, type Lessons, type NamedProduct, trainWordEncoder } from './train-encoder.ts';
import type { Assortment, CustomerText } from './types.ts';
import type { WordEncoder } from './word-encoder.ts';

export interface LinkerOptions extends EncoderOptions {
  /** Times that mentions found by the last encoder teach the next; default 3. */
  readonly rounds?: number;
}

/** Mentions at least as good teach what their words mean. */
const sure = 0.4;
/** Most sentences read between two rounds. */
const read = 20_000;
/** Words seen less often teach nothing. */
const least = 5;

/**
 * Learns to find products in customers' texts without a label: first from names, and from what purchases say of words
 * ({@link associate}); then from its own sure mentions (self-training; Yarowsky 1995), in which a word that nothing was known
 * of stands beside others that are understood. Goes on from its checkpoint to the bit.
 *
 * @returns the encoder, and what purchases say of words.
 * @throws DATA_MISSING when no product has a name, CANCELLED on abort.
 */
export async function trainLinker(
  assortment: Assortment,
  texts: readonly CustomerText[],
  options: LinkerOptions,
  hooks: TrainHooks,
): Promise<{ encoder: WordEncoder; known: Associations }> {
  const pace = new Pace(hooks.signal);
  const catalogue = catalogueOf(assortment.names);
  const ownership = await ownershipOf(assortment, pace);
  const known = await associate(catalogue, assortment, texts, ownership, pace);
  const last = texts.length === 0 ? 0 : (options.rounds ?? 3);
  const signature = JSON.stringify([options, assortment.names.length, sizeOf(texts)]);
  const shared = await roundHooks(hooks, signature, last + 1);
  let lessons: Lessons = { known, mentions: [] };
  for (let round = 0; ; round++) {
    let encoder = shared.done[round];
    if (!encoder) {
      const seed = options.seed + round;
      encoder = await trainWordEncoder(assortment.names, lessons, { ...options, seed }, shared.next());
      await shared.finish(encoder);
    }
    if (round === last) return { encoder, known };
    lessons = await ownReadings(
      new Linker(assortment.names, encoder),
      lessons.known,
      texts,
      catalogue.words.length,
      pace,
    );
  }
}

/** Characters of texts, and how many there are. */
function sizeOf(texts: readonly CustomerText[]): number[] {
  const characters = texts.reduce((sum, { sentences }) => sum + sentences.reduce((n, one) => n + one.length, 0), 0);
  return [texts.length, characters];
}

/** What words mean in the sure mentions; a word that is in few of them keeps what was known. */
async function ownReadings(
  linker: Linker,
  known: Lessons['known'],
  texts: readonly CustomerText[],
  width: number,
  pace: Pace,
): Promise<Lessons> {
  const place = new Map(known.words.map((word, i) => [word, i]));
  const counts = new Float32Array(known.chance.length);
  const mentions: NamedProduct[] = [];
  const inside = new Float32Array(known.words.length);
  const all = texts.flatMap(({ sentences }) => sentences);
  const stride = Math.max(1, all.length / read);
  for (let s = 0; s < all.length; s += stride) {
    const sentence = all[Math.floor(s)] as string;
    for (const mention of linker.mentions(sentence)) {
      if (mention.score < sure) continue;
      const readings = linker.readings(sentence, mention);
      mentions.push({ words: readings.map(({ word }) => word), product: mention.product });
      for (const { word, meant } of readings) {
        const i = place.get(word);
        if (i === undefined) continue;
        inside[i]!++;
        if (meant >= 0) counts[i * width + meant]!++;
      }
    }
    if (pace.due) await pace.rest();
  }
  const chance = known.chance.slice();
  for (let i = 0; i < inside.length; i++) {
    if (inside[i]! < least) continue;
    for (let c = 0; c < width; c++) {
      const at = i * width + c;
      chance[at] = (counts[at]! + known.chance[at]! * 3) / (inside[i]! + 3);
    }
  }
  return { known: { words: known.words, chance }, mentions };
}
