import { type PlaceholderSampleOptions, PlaceholderSampler } from '../markup/index.ts';
import { FuzzySampler, type Neighbour } from '../memory/index.ts';
import { Random } from '../random.ts';
import type { Subwords } from '../subwords/index.ts';
import { type Aligner, type MinedPair, type SampleOptions, TermSampler } from '../terminology/index.ts';

/** What a model learns from: ids with the end token at both ends of the lists, and the factor of each source id. */
export interface Example {
  readonly source: Int32Array;
  readonly factors: Uint8Array;
  readonly target: Int32Array;
}

export interface ExampleOptions {
  readonly subwords: Subwords;
  readonly languages: { readonly source: string; readonly target: string };
  readonly seed: number;
  /** Annotated terms; default those of {@link SampleOptions}; `share: 0` for none. */
  readonly terms?: Omit<SampleOptions, 'seed' | 'epoch'>;
  /** Placeholders put in; default those of {@link PlaceholderSampleOptions}. */
  readonly placeholders?: Omit<PlaceholderSampleOptions, 'seed' | 'epoch'>;
  /** Share of the pairs with a neighbour that are shown it; default 0.3. */
  readonly fuzzyShare?: number;
  readonly aligner?: Aligner;
  /** Chance that a merge of subwords is left out, on both sides (Provilkov et al. 2020); default 0. */
  readonly dropout?: number;
  /** Most ids of a source or target; a fuzzy match that is too long is left away, and then the pair. Default 200. */
  readonly longest?: number;
  /** Whether the source begins with the tag of the target language, for models of several pairs; default false. */
  readonly tagged?: boolean;
}

/**
 * Makes training examples of mined pairs, anew in every epoch: terms annotated for a share of them, fuzzy matches
 * appended for a share, placeholders put into a share, subwords varied. What an example is depends on seed, epoch and
 * index alone, so that resumed training sees the same.
 */
export class ExampleMaker {
  readonly #pairs: readonly MinedPair[];
  readonly #neighbours: readonly (Neighbour | null)[];
  readonly #options: ExampleOptions;
  #epoch = -1;
  #terms: TermSampler | null = null;
  #fuzzy: FuzzySampler | null = null;
  #placeholders: PlaceholderSampler | null = null;

  /** @param neighbours by index, as of {@link neighbours}; none for no fuzzy matches. */
  constructor(pairs: readonly MinedPair[], neighbours: readonly (Neighbour | null)[], options: ExampleOptions) {
    this.#pairs = pairs;
    this.#neighbours = neighbours;
    this.#options = options;
  }

  get size(): number {
    return this.#pairs.length;
  }

  /** The example of the pair at `index` in an epoch; null when it is too long. */
  make(index: number, epoch: number): Example | null {
    this.#begin(epoch);
    const { subwords, languages, seed, longest = 200, dropout = 0, tagged } = this.#options;
    const random = new Random(
      Math.imul(seed, 0xc2b2ae35) ^ Math.imul(epoch + 1, 0x27d4eb2f) ^ Math.imul(index + 1, 0x85ebca6b),
    );
    const encode = { dropout, random };
    const masked = this.#placeholders?.draw(index);
    const drawn = masked ? null : this.#terms?.draw(index);
    const pair = this.#pairs[index] as MinedPair;
    const parts = drawn?.source ?? masked?.source ?? pair.source;
    const target = subwords.encodeTarget(drawn?.target ?? masked?.target ?? pair.target, {
      language: languages.target,
      ...encode,
    });
    if (target.length > longest) return null;
    const options = { language: languages.source, ...(tagged ? { target: languages.target } : {}), ...encode };
    const match = masked ? [] : (this.#fuzzy?.draw(index) ?? []);
    if (match.length > 0 && typeof parts !== 'string') {
      const made = subwords.encodeSource([...parts, ...match], options);
      if (made.source.length <= longest) return { ...made, target };
    }
    const made = subwords.encodeSource(parts, options);
    return made.source.length > longest ? null : { ...made, target };
  }

  #begin(epoch: number): void {
    if (this.#epoch === epoch) return;
    const { seed, languages, terms, placeholders, fuzzyShare = 0.3, aligner } = this.#options;
    this.#epoch = epoch;
    this.#terms = new TermSampler(this.#pairs, { ...terms, seed, epoch });
    this.#placeholders = new PlaceholderSampler(this.#pairs, { ...placeholders, seed, epoch });
    const fuzzy = { seed, epoch, languages, share: fuzzyShare, ...(aligner ? { aligner } : {}) };
    this.#fuzzy = new FuzzySampler(this.#pairs, this.#neighbours, fuzzy);
  }
}
