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
  readonly #words: readonly string[];

  constructor(pairs: readonly MinedPair[], options: SampleOptions) {
    this.#pairs = pairs;
    this.#options = { share: 0.5, most: 4, invented: 0.1, ...options };
    const single = pairs.flatMap((pair) => pair.candidates.map((one) => one.base));
    this.#words = [...new Set(single.filter((word) => /^\p{L}{4,}$/u.test(word)))].sort();
  }

  /** The pair at `index` with the annotations of this epoch, or with none. */
  draw(index: number): AnnotatedPair {
    const { source, target, candidates } = this.#pairs[index] as MinedPair;
    const { seed, epoch, share, most, invented } = this.#options;
    const random = new Random(
      Math.imul(seed, 0x9e3779b1) ^ Math.imul(epoch + 1, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35),
    );
    random.next();
    if (random.next() >= share || candidates.length === 0) {
      return { source: annotate(source, []), target, terms: 0 };
    }
    const chosen = drawApart(candidates, 1 + random.below(most), random);
    const replaced = new Map<Candidate, string>();
    for (const one of chosen) {
      const copied = target.slice(one.targetStart, one.targetEnd) === one.base;
      if (copied && this.#words.length > 1 && random.next() < invented)
        replaced.set(one, this.#invent(one.base, random));
    }
    return {
      source: annotate(
        source,
        chosen.map((one) => ({ start: one.start, end: one.end, target: replaced.get(one) ?? one.base })),
      ),
      target: exchange(target, replaced),
      terms: chosen.length,
    };
  }

  /** A word of the beginning of one word and the end of another, with the capital of the word that it replaces. */
  #invent(base: string, random: Random): string {
    const pick = () => this.#words[random.below(this.#words.length)] as string;
    const [head, tail] = [pick(), pick()];
    const word = (
      head.slice(0, 2 + random.below(head.length - 2)) + tail.slice(random.below(tail.length - 2))
    ).toLowerCase();
    const first = base.slice(0, 1);
    return first === first.toLowerCase() ? word : word.slice(0, 1).toUpperCase() + word.slice(1);
  }
}

function exchange(target: string, replaced: ReadonlyMap<Candidate, string>): string {
  let out = target;
  for (const [one, word] of [...replaced].sort(([a], [b]) => b.targetStart - a.targetStart)) {
    out = out.slice(0, one.targetStart) + word + out.slice(one.targetEnd);
  }
  return out;
}
