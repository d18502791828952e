import { Random } from '../random.ts';
import type { Segment } from '../subwords/index.ts';
import { annotate } from './annotate.ts';
import { drawApart } from './draw.ts';
import type { Candidate, MinedPair } from './mine.ts';

export interface SampleOptions {
  readonly seed: number;
  /** Another one draws anew. */
  readonly epoch: number;
  /** Share of sentences that are annotated; default 0.5. */
  readonly share?: number;
  /** Most terms of a sentence; default 4. */
  readonly most?: number;
  /**
   * Share of annotations whose target is exchanged for an invented word, in the annotation and in the translation
   * alike, so that the model learns to copy what it has never seen; only where the translation has the base form.
   * Default 0.1.
   */
  readonly invented?: number;
  /**
   * Share of those whose source word is exchanged for an invented one too, since glossaries are full of words that
   * stand nowhere else. Default 0.
   */
  readonly inventedSources?: number;
}

/** An example with annotations: input parts, and the translation. */
export interface AnnotatedPair {
  readonly source: readonly Segment[];
  readonly target: string;
  readonly terms: number;
}

/** Draws annotations for training; the same for the same seed, epoch and index, whatever else was drawn. */
export class TermSampler {
  readonly #pairs: readonly MinedPair[];
  readonly #options: Required<SampleOptions>;
  /** Words to invent others from. */
  readonly #words: { readonly source: readonly string[]; readonly target: readonly string[] };

  constructor(pairs: readonly MinedPair[], options: SampleOptions) {
    this.#pairs = pairs;
    this.#options = { share: 0.5, most: 4, invented: 0.1, inventedSources: 0, ...options };
    const words = (of: (pair: MinedPair, one: Candidate) => string) => {
      const all = pairs.flatMap((pair) => pair.candidates.map((one) => of(pair, one)));
      return [...new Set(all.filter((word) => /^\p{L}{4,}$/u.test(word)))].sort();
    };
    this.#words = {
      source: words(({ source }, { start, end }) => source.slice(start, end)),
      target: words((_, { base }) => base),
    };
  }

  /** The pair at `index` with the annotations of this epoch, or with none. */
  draw(index: number): AnnotatedPair {
    const { source, target, candidates } = this.#pairs[index] as MinedPair;
    const { seed, epoch, share, most, invented, inventedSources } = this.#options;
    const random = new Random(
      Math.imul(seed, 0x9e3779b1) ^ Math.imul(epoch + 1, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35),
    );
    random.next();
    if (random.next() >= share || candidates.length === 0) {
      return { source: annotate(source, []), target, terms: 0 };
    }
    const chosen = drawApart(candidates, 1 + random.below(most), random);
    const sources = new Map<Candidate, string>();
    const targets = new Map<Candidate, string>();
    const { source: from, target: to } = this.#words;
    for (const one of chosen) {
      const copied = target.slice(one.targetStart, one.targetEnd) === one.base;
      if (!copied || to.length < 2 || random.next() >= invented) continue;
      targets.set(one, invent(to, one.base, random));
      if (inventedSources > 0 && from.length > 1 && random.next() < inventedSources)
        sources.set(one, invent(from, source.slice(one.start, one.end), random));
    }
    let text = '';
    let at = 0;
    const annotations = chosen.map((one) => {
      text += source.slice(at, one.start);
      const start = text.length;
      text += sources.get(one) ?? source.slice(one.start, one.end);
      at = one.end;
      return { start, end: text.length, target: targets.get(one) ?? one.base };
    });
    return {
      source: annotate(text + source.slice(at), annotations),
      target: exchange(target, targets),
      terms: chosen.length,
    };
  }
}

/**
 * A word that no text has, with the capital of the word that it replaces: the beginning of one word and the end of
 * another, or as often three or four short pieces of words. The former is a few long subwords, the latter many short ones:
 * a model that has seen only the former does not copy the latter.
 */
function invent(words: readonly string[], base: string, random: Random): string {
  const pick = () => words[random.below(words.length)] as string;
  let word = '';
  if (random.next() < 0.5) {
    const [head, tail] = [pick(), pick()];
    word = head.slice(0, 2 + random.below(head.length - 2)) + tail.slice(random.below(tail.length - 2));
  } else {
    for (let pieces = 3 + random.below(2); pieces > 0; pieces--) {
      const from = pick();
      const start = random.below(from.length - 2);
      word += from.slice(start, start + 2 + random.below(2));
    }
  }
  const lower = word.toLowerCase();
  const first = base.slice(0, 1);
  return first === first.toLowerCase() ? lower : lower.slice(0, 1).toUpperCase() + lower.slice(1);
}

function exchange(target: string, replaced: ReadonlyMap<Candidate, string>): string {
  let out = target;
  for (const [one, word] of [...replaced].sort(([a], [b]) => b.targetStart - a.targetStart)) {
    out = out.slice(0, one.targetStart) + word + out.slice(one.targetEnd);
  }
  return out;
}
