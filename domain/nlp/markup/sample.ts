import { Random } from '../random.ts';
import { drawApart, type MinedPair, type TextPair } from '../terminology/index.ts';
import { placeholder, placeholderPattern } from '../text/index.ts';

export interface PlaceholderSampleOptions {
  readonly seed: number;
  /** Another one draws anew. */
  readonly epoch: number;
  /** Share of sentences that get placeholders; default 0.1. */
  readonly share?: number;
  /** Most places in a sentence; default 3. */
  readonly most?: number;
}

/** Shares of pairs of tags around words, and of variables in their stead; the rest are single tags before them. */
const [tagged, variable] = [0.4, 0.4];

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly write: (inner: string) => string;
}

/**
 * Puts placeholders into training pairs that have none, so that a model learns to bring them along: pairs of tags
 * around words that translate each other, single tags before them, and variables in their stead. The same for the
 * same seed, epoch and index.
 */
export class PlaceholderSampler {
  readonly #pairs: readonly MinedPair[];
  readonly #options: Required<PlaceholderSampleOptions>;

  constructor(pairs: readonly MinedPair[], options: PlaceholderSampleOptions) {
    this.#pairs = pairs;
    this.#options = { share: 0.1, most: 3, ...options };
  }

  /** The pair at `index` with placeholders, numbered from 0 in the order of the source; null when it is not drawn. */
  draw(index: number): TextPair | null {
    const { seed, epoch, share, most } = this.#options;
    const pair = this.#pairs[index] as MinedPair;
    const random = new Random(
      Math.imul(seed, 0x165667b1) ^ Math.imul(epoch + 1, 0x9e3779b1) ^ Math.imul(index + 1, 0x27d4eb2f),
    );
    random.next();
    // A pair that has placeholders of its own teaches the same, and the numbers would clash.
    if (random.next() >= share || pair.candidates.length === 0 || placeholderPattern.test(pair.source)) return null;
    const source: Edit[] = [];
    const target: Edit[] = [];
    let next = 0;
    for (const one of drawApart(pair.candidates, 1 + random.below(most), random)) {
      const kind = random.next();
      const [a, b] = [placeholder(next), placeholder(next + 1)];
      const write =
        kind < tagged
          ? (inner: string) => a + inner + b
          : kind < tagged + variable
            ? () => a
            : (inner: string) => a + inner;
      next += kind < tagged ? 2 : 1;
      source.push({ start: one.start, end: one.end, write });
      target.push({ start: one.targetStart, end: one.targetEnd, write });
    }
    return { source: apply(pair.source, source), target: apply(pair.target, target) };
  }
}

function apply(text: string, edits: readonly Edit[]): string {
  let out = '';
  let at = 0;
  for (const { start, end, write } of [...edits].sort((a, b) => a.start - b.start)) {
    out += text.slice(at, start) + write(text.slice(start, end));
    at = end;
  }
  return out + text.slice(at);
}
