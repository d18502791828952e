import type { MemoryEntryContent } from '../../../contracts/language-data.ts';
import { partsOf, placeholderOf } from '../formats/inline-codes.ts';
import { type Masked, maskPieces, type Piece, piecesOf } from '../markup/index.ts';
import { type MemorySegment, TranslationMemory } from '../memory/index.ts';
import { normaliseUnicode } from '../text/index.ts';
import type { SimilarHit } from './look-up.ts';
import { adopt } from './passage.ts';

/** An entry as it is given to an index. */
export type IndexedEntry = Pick<MemoryEntryContent, 'source' | 'target' | 'codes'> & { readonly id: string };

/** An entry with its texts masked. */
interface MaskedEntry extends MemorySegment {
  /** The texts as the memory has them. */
  readonly stored: { readonly source: string; readonly target: string };
}

/** A memory held for look-ups of similar sentences. */
export class MemoryIndex {
  readonly #memory: string;
  readonly #index = new TranslationMemory<MaskedEntry>();
  #characters = 0;

  /** @param memory its id, for evidence. */
  constructor(memory: string) {
    this.#memory = memory;
  }

  /** Room it takes, estimated, in bytes. */
  get bytes(): number {
    return 10 * this.#characters + 500 * this.#index.size;
  }

  get size(): number {
    return this.#index.size;
  }

  /** Adds an entry; one with the same id is replaced. */
  add({ id, source, target, codes }: IndexedEntry): void {
    const masked = maskCoded(normaliseUnicode(source), codes?.source ?? []);
    const inner = withoutBorders(normaliseUnicode(target), masked);
    const segment = { id, source: masked.text, target: adopt(inner, masked), stored: { source, target } };
    this.#index.add(segment);
    this.#characters += source.length + target.length;
  }

  remove(id: string): void {
    this.#index.remove(id);
  }

  /** The best entry for a masked text from the threshold on; null: none. */
  similar(masked: string, threshold: number): SimilarHit | null {
    const [best] = this.#index.lookUp(masked, { threshold, limit: 1 });
    if (!best) return null;
    const { segment, kind, score, target } = best;
    return {
      memory: this.#memory,
      entry: segment.id,
      kind,
      score,
      target,
      source: segment.source,
      stored: segment.stored,
    };
  }
}

/** Masks a text whose inline codes stand in it as `<1>`: the codes as tags, and the rest as in any text. */
function maskCoded(text: string, codes: NonNullable<MemoryEntryContent['codes']>['source']): Masked {
  const pieces = [...partsOf({ text, codes })].flatMap((part): Piece[] =>
    typeof part === 'string'
      ? piecesOf(part)
      : [{ content: placeholderOf(part), kind: part.kind, name: String(part.id) }],
  );
  return maskPieces(pieces, false);
}

/** A target without the tags that stand around the whole source, if they stand around it as well. */
function withoutBorders(target: string, { prefix, suffix }: Masked): string {
  const [before, behind] = [prefix.trim(), suffix.trim()];
  const given = target.trim();
  if (!given.startsWith(before) || !given.endsWith(behind) || given.length < before.length + behind.length)
    return given;
  return given.slice(before.length, given.length - behind.length).trim();
}
