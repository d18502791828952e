import type { Pace } from '../nlp/index.ts';
import type { Catalogue } from './catalogue.ts';
import type { Linker } from './link.ts';
import type { Ownership, Purchase } from './ownership.ts';
import type { Readings } from './readings.ts';
import { PurchaseSupport } from './support.ts';
import { tokensOf } from './tokens.ts';
import type { Lessons, NamedProduct } from './train-encoder.ts';
import type { CustomerText } from './types.ts';

/** Mentions at least as good teach what their words mean. */
const sure = 0.4;
/** Most sentences whose mentions teach the next round. */
const mostMentions = 20_000;
/** Words of a mention that mean something with a smaller chance are left out. */
const meaningful = 0.3;
/** Words of which less is known teach nothing. */
const leastEvidence = 1;
/** A word that purchases bear out less, as a share of what is usual, means as much less, and no mention teaches it. */
const borneOut = 0.5;

interface SureMention extends NamedProduct, Purchase {}

/**
 * What the next round learns from: what is read of words, and sure mentions; of both what purchases bear out
 * ({@link PurchaseSupport}). Else a phrase that many write would come to say a product that many buy: each of its words
 * would tell it of the others.
 *
 * @param linker that reads words as `meant` says, which is {@link blended} of `read`.
 * @throws CANCELLED on abort.
 */
export async function lessonsOf(
  linker: Linker,
  read: Readings,
  meant: ReadonlyMap<string, Float32Array>,
  catalogue: Catalogue,
  texts: readonly CustomerText[],
  ownership: Ownership,
  pace: Pace,
): Promise<Lessons> {
  const mentions = await sureMentions(linker, texts, ownership, pace);
  const support = new PurchaseSupport();
  for (const mention of mentions) support.add(mention.words, mention);
  const share = support.shares();
  return {
    known: taught(read, meant, share, catalogue),
    mentions: mentions.flatMap(({ words, product }) => {
      const borne = words.filter((word) => share(word) >= borneOut);
      return borne.length > 0 ? [{ words: borne, product }] : [];
    }),
  };
}

/** What the words mean of which enough is known; those of the catalogue mean themselves, which their slips have to learn. */
function taught(
  { words, evidence }: Readings,
  meant: ReadonlyMap<string, Float32Array>,
  share: (word: string) => number,
  catalogue: Catalogue,
): Lessons['known'] {
  const known = words.filter((word, i) => evidence[i]! >= leastEvidence && meant.has(word));
  const width = catalogue.words.length;
  const chance = new Float32Array((known.length + width) * width);
  known.forEach((word, i) => {
    const part = Math.min(1, share(word) / borneOut);
    const own = meant.get(word)!;
    for (let c = 0; c < width; c++) chance[i * width + c] = part * own[c]!;
  });
  for (let c = 0; c < width; c++) chance[(known.length + c) * width + c] = 1;
  return { words: [...known, ...catalogue.words], chance };
}

/** Sure mentions in sentences spread over all texts, without the words that mean nothing: those would learn to say what nobody says. */
async function sureMentions(
  linker: Linker,
  texts: readonly CustomerText[],
  ownership: Ownership,
  pace: Pace,
): Promise<SureMention[]> {
  const mentions: SureMention[] = [];
  const all = texts.flatMap(({ customer, sentences }) => sentences.map((sentence) => ({ customer, sentence })));
  const stride = Math.max(1, all.length / mostMentions);
  for (let s = 0; s < all.length; s += stride) {
    const { customer, sentence } = all[Math.floor(s)]!;
    for (const { product, score, start, end } of linker.mentions(sentence)) {
      if (score < sure) continue;
      const words = tokensOf(sentence).flatMap((token) =>
        token.start >= start && token.end <= end && linker.meaning(token.word).at(-1)! >= meaningful
          ? [token.word]
          : [],
      );
      if (words.length > 0) mentions.push({ words, product, ...ownership.purchaseOf(customer, product) });
    }
    if (pace.due) await pace.rest();
  }
  return mentions;
}
