import type { ReadableFormat } from '../../../contracts/document-formats.ts';
import { restore, splitSentences } from '../markup/index.ts';
import { loadDetector } from '../translator/detect-language.ts';
import { invalid } from './document.ts';
import { openDocument } from './formats.ts';
import { readPdf } from './pdf.ts';

export interface ReadSentence {
  readonly text: string;
  /** ISO 639-1; null where neither the sentence nor its document says enough. */
  readonly language: string | null;
}

/** A longer sentence is a list that somebody forgot to part; it is cut. UTF-16 units. */
const longest = 1000;
const mostSentences = 50_000;
/** Letters by which the language of a document, and of a sentence of its own, is told. */
const [enough, clear] = [20, 40];

/**
 * The sentences of a document, without tags, each with its language: its own where it is long and clear enough, else that of
 * the document.
 *
 * @throws SOURCE_INVALID saying what of it cannot be read, also for more than 50,000 sentences; CANCELLED on abort.
 */
export async function readSentences(
  format: ReadableFormat,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<ReadSentence[]> {
  const { passages, said } = await passagesOf(format, bytes, signal);
  const detector = await loadDetector();
  const whole = passages.join('\n');
  const ofWhole = letters(whole) < enough ? null : detector.detect(whole).language;
  const own = ofWhole ?? said?.toLowerCase().split(/[-_]/)[0] ?? null;
  const sentences = passages.flatMap((passage) =>
    splitSentences(passage, own ?? 'en', { longest })
      .map((one) =>
        one
          .replace(/[\0\p{Surrogate}]/gu, '')
          .replace(/\s+/g, ' ')
          .trim(),
      )
      .filter((one) => /\p{L}/u.test(one)),
  );
  if (sentences.length > mostSentences)
    throw invalid(
      `The document has ${sentences.length} sentences, more than ${mostSentences}.`,
      'Divide it into several.',
    );
  return sentences.map((text) => {
    if (letters(text) < clear) return { text, language: own };
    const { language, reliable } = detector.detect(text);
    return { text, language: reliable ? language : own };
  });
}

async function passagesOf(
  format: ReadableFormat,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<{ passages: string[]; said?: string | undefined }> {
  if (format === 'pdf') return { passages: await readPdf(bytes, signal) };
  const { segments, source } = await openDocument(format, bytes, { target: 'en' });
  return { passages: segments.map((segment) => restore(segment.text, segment).plain), said: source };
}

function letters(text: string): number {
  return text.match(/\p{L}/gu)?.length ?? 0;
}
