import { type RowFault, readXliffSegments, translateXliff } from '../formats/index.ts';
import { partsOf, placeholderOf } from '../formats/inline-codes.ts';
import type { XliffSegment } from '../formats/xliff.ts';
import { type Masked, maskPieces, type Piece, piecesOf } from '../markup/index.ts';
import { hasWords, invalid, type OpenDocument, type OpenOptions, refuseOtherTarget } from './document.ts';

/** States in which a target is none that anyone made. */
const untranslated = new Set(['new', 'needs-translation', 'initial']);

/**
 * An XLIFF document, 1.2 or 2.x: fills the targets of segments that have none, with `existing` `replace` of all that may be
 * translated, and notes the state `translated`. Everything else stays ({@link translateXliff}).
 *
 * @throws SOURCE_INVALID naming the first line that is at fault: an exchange file with holes is not handed back.
 */
export async function openXliff(
  bytes: Uint8Array,
  { target, encoding, existing = 'keep' }: OpenOptions,
): Promise<OpenDocument> {
  const given = encoding === undefined ? {} : { encoding };
  const segments: Masked[] = [];
  /** By their order in the document: the place in `segments`, or null for what stays. */
  const places: (number | null)[] = [];
  let kept = 0;
  let source: string | undefined;
  for await (const reads of readXliffSegments([bytes], given)) {
    for (const read of reads) {
      if ('reason' in read) throw fault(read);
      const { row } = read;
      if (!row.translate) continue;
      source ??= row.sourceLanguage;
      const masked = maskOf(row);
      const done = isTranslated(row) && existing === 'keep';
      if (done) {
        refuseOtherTarget(row.targetLanguage, target);
        kept++;
      }
      places.push(done || !hasWords(masked) ? null : segments.push(masked) - 1);
    }
  }
  return {
    segments,
    kept,
    ...(source ? { source } : {}),
    async write(translations) {
      let next = 0;
      const text = translateXliff(
        [bytes],
        () => {
          const place = places[next++] ?? null;
          return place === null ? null : { target: translations[place] ?? '', state: 'translated' };
        },
        { ...given, targetLanguage: target },
      );
      const parts: Buffer[] = [];
      for await (const part of text) parts.push(Buffer.from(part, 'utf8'));
      return { bytes: Buffer.concat(parts), warnings: [] };
    },
  };
}

/** Inline codes as tags, and variables in the text likewise. */
function maskOf({ source }: XliffSegment): Masked {
  const pieces = [...partsOf(source)].flatMap((part): Piece[] =>
    typeof part === 'string'
      ? piecesOf(part)
      : [{ content: placeholderOf(part), kind: part.kind, name: String(part.id) }],
  );
  return maskPieces(pieces, false);
}

function isTranslated({ source, target, state }: XliffSegment): boolean {
  if (target === null || target.text.trim() === '') return false;
  if (state === 'new' || state === 'needs-translation') return false;
  return !(untranslated.has(state) && target.text === source.text);
}

function fault({ line, reason }: RowFault): Error {
  return invalid(`Line ${line}: ${reason}.`, 'Correct the document, or export it again from where it came.');
}
