import type { DocumentFormat } from '../../../contracts/document-formats.ts';
import { type DocumentEvidence, type DocumentOptions, documentLimits } from '../../../contracts/documents.ts';
import { PerennialError } from '../../../contracts/errors.ts';
import { canonicalLanguage } from '../formats/languages.ts';
import type { Masked } from '../markup/index.ts';
import type { SegmentsRequest, TranslationService } from '../translator/index.ts';
import { invalid, type OpenDocument } from './document.ts';
import { EvidenceCounter } from './evidence.ts';
import { openDocument } from './formats.ts';

export interface DocumentTranslation {
  readonly format: DocumentFormat;
  readonly bytes: Uint8Array;
  /** BCP 47; null: what the document says if it can be translated, else detected. */
  readonly source: string | null;
  readonly target: string;
  readonly options: DocumentOptions;
}

export interface DocumentHooks {
  readonly signal: AbortSignal;
  /** Segments done, of how many. */
  progress(done: number, total: number): void;
  /** Something the reader of the translation should look at. */
  warn(message: string): void;
}

export interface TranslatedDocument {
  readonly bytes: Uint8Array;
  readonly source: string;
  /** Unicode characters that were to be translated. */
  readonly characters: number;
  readonly evidence: DocumentEvidence;
}

/** Segments translated at a time: many, so that those of a batch have about the same length. */
const atATime = 256;
/** Characters that say the language of a document. */
const sampleLength = 5_000;
/** Warnings that are told one by one. */
const mostTold = 200;

/**
 * Translates a document. Segments that are the same are translated once; one version of the model makes all of it, also
 * when another becomes champion meanwhile.
 *
 * @throws SOURCE_INVALID for a document that cannot be read, or is too large; what the service throws; CANCELLED.
 */
export async function translateDocument(
  service: TranslationService,
  { format, bytes, source: given, target, options }: DocumentTranslation,
  { signal, progress, warn }: DocumentHooks,
): Promise<TranslatedDocument> {
  const document = await openDocument(format, bytes, {
    target,
    existing: options.existing,
    ...(options.encoding === null ? {} : { encoding: options.encoding }),
  });
  const characters = measure(document.segments);
  const { source, detected } = await sourceOf(service, document, given, target);
  const groups = groupsOf(document.segments);
  const evidence = new EvidenceCounter();
  const translations = new Array<string>(document.segments.length);
  const request = requestOf(source, target, options);
  let model = options.model;
  let done = 0;
  let told = 0;
  /** Of the document, not of its segments. */
  const leftOut = new Set<string>();
  progress(0, document.segments.length);
  for (let from = 0; from < groups.length; from += atATime) {
    if (signal.aborted) throw new PerennialError('CANCELLED', 'The translation of the document was cancelled.');
    const batch = groups.slice(from, from + atATime);
    const answers = await service.segments(
      batch.map(({ segment }) => segment),
      { ...request, model },
      signal,
    );
    for (const [i, answer] of answers.entries()) {
      const { places } = batch[i] as Group;
      for (const place of places) translations[place] = answer.text;
      evidence.add(answer, places.length);
      for (const { code, message } of answer.warnings) {
        if (code === 'memory-left-out') leftOut.add(message);
        // By its place: whoever sees runs reads this, the text is its owner's.
        else if (told++ < mostTold) warn(`${code} in segment ${(places[0] ?? 0) + 1}: ${readable(message)}`);
      }
      if (answer.model) model = String(answer.model.version);
      done += places.length;
    }
    progress(done, document.segments.length);
  }
  for (const message of leftOut) {
    evidence.warn('memory-left-out');
    warn(message);
  }
  const written = await document.write(translations);
  for (const message of written.warnings) {
    evidence.warn('encoding-changed');
    warn(message);
  }
  return { bytes: written.bytes, source, characters, evidence: evidence.result(document.kept, detected) };
}

function requestOf(source: string, target: string, options: DocumentOptions): SegmentsRequest {
  const { glossaries, memory, memories, threshold } = options;
  return {
    source,
    target,
    glossaries,
    memory: memory && { threshold, ...(memories === null ? {} : { ids: memories }) },
  };
}

/** The number of characters; SOURCE_INVALID beyond the limits. */
function measure(segments: readonly Masked[]): number {
  let units = 0;
  let characters = 0;
  for (const { text } of segments) {
    units += text.length;
    characters += [...text].length;
  }
  const { segments: mostSegments, characters: most } = documentLimits;
  if (segments.length <= mostSegments && units <= most) return characters;
  throw invalid(
    `The document has ${segments.length} segments with ${units} characters; the most are ${mostSegments} and ${most}.`,
    'Divide it into several.',
  );
}

/** What is given, else what the document says and can be translated, else the likeliest. */
async function sourceOf(
  service: TranslationService,
  document: OpenDocument,
  given: string | null,
  target: string,
): Promise<{ source: string; detected: number | null }> {
  if (given !== null) return { source: given, detected: null };
  const said = document.source === undefined ? null : canonicalLanguage(document.source);
  if (said !== null && said !== target) {
    const usable = await service.check({ source: said, target }).then(
      () => true,
      () => false,
    );
    if (usable) return { source: said, detected: null };
  }
  let sample = '';
  for (const segment of document.segments) {
    if (sample.length > sampleLength) break;
    sample += `${segment.text}\n`;
  }
  const { language, confidence } = await service.sourceOf(sample.slice(0, sampleLength), target);
  return { source: language, detected: confidence };
}

interface Group {
  readonly segment: Masked;
  /** Where it stands among the segments of the document. */
  readonly places: number[];
}

/** Segments with the places where each stands. Those with marks for places in XML are the same only if these are. */
function groupsOf(segments: readonly Masked[]): Group[] {
  const groups = new Map<string, Group>();
  for (const [place, segment] of segments.entries()) {
    const { prefix, suffix, text, parts } = segment;
    const key = JSON.stringify([prefix, suffix, text, segment.escape, parts.map(({ content }) => content)]);
    const group = groups.get(key);
    if (group) group.places.push(place);
    else groups.set(key, { segment, places: [place] });
  }
  return [...groups.values()];
}

/** Marks of formats stand for XML that nobody wants to read. */
function readable(message: string): string {
  return message.replaceAll(/\p{Cc}\d+\p{Cc}/gu, '…');
}
