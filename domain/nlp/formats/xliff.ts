import { type CodedText, codeElement, partsOf, readCodes } from './inline-codes.ts';
import { LanguageMatcher } from './languages.ts';
import {
  type Bytes,
  checked,
  limits,
  type Read,
  type ReadOptions,
  type TranslationRow,
  translationFault,
} from './rows.ts';
import { readDocument } from './xml-document.ts';
import { childOf, childrenOf, descendants, escapeText, textOf, type XmlElement } from './xml-tree.ts';

/** A segment of an XLIFF document: a `trans-unit` of 1.2, or a `segment` of a `unit` of 2.x. */
export interface XliffSegment {
  /** `original` of the file (1.2) or its id (2.x). */
  readonly file: string;
  readonly unit: string;
  /** Id within the unit (2.x, or `mid` of 1.2); '' where the unit is the segment. */
  readonly segment: string;
  readonly source: CodedText;
  /** Null when there is none yet. */
  readonly target: CodedText | null;
  /** As the document has it: `translated`, `final`, `needs-review-translation`, …; '' when it says nothing. */
  readonly state: string;
  /** False: it is to stay as it is. */
  readonly translate: boolean;
  readonly note: string;
  readonly sourceLanguage: string;
  /** '' when the document names none. */
  readonly targetLanguage: string;
}

export const xliffRecords = ['trans-unit', 'unit'];

/** Where a segment stands in the element of its unit. */
export interface PlacedSegment extends XliffSegment {
  /** The element that holds `source` and `target`: the trans-unit, or the segment. */
  readonly holder: XmlElement;
}

/** What a document says around its units. */
export interface XliffContext {
  readonly file: string;
  readonly sourceLanguage: string;
  readonly targetLanguage: string;
}

/** The context after a start tag. */
export function xliffContext(
  context: XliffContext,
  name: string,
  attributes: Readonly<Record<string, string>>,
): XliffContext {
  if (name === 'xliff') {
    return { file: '', sourceLanguage: attributes['srcLang'] ?? '', targetLanguage: attributes['trgLang'] ?? '' };
  }
  if (name !== 'file') return context;
  return {
    file: attributes['original'] ?? attributes['id'] ?? '',
    sourceLanguage: attributes['source-language'] ?? context.sourceLanguage,
    targetLanguage: attributes['target-language'] ?? (attributes['source-language'] ? '' : context.targetLanguage),
  };
}

/** The segments of a unit, or why it has none. */
export function segmentsOf(
  unit: XmlElement,
  context: XliffContext,
): PlacedSegment[] | { line: number; reason: string } {
  const isOld = unit.name === 'trans-unit';
  const holders = isOld ? [unit] : childrenOf(unit, 'segment');
  if (holders.length === 0) return { line: unit.line, reason: 'the unit has no <segment>' };
  const notes = isOld ? childrenOf(unit, 'note') : [...descendants(unit)].filter(({ name }) => name === 'note');
  const segments: PlacedSegment[] = [];
  for (const holder of holders) {
    const [source, target] = [childOf(holder, 'source'), childOf(holder, 'target')];
    if (!source) return { line: holder.line, reason: `<${holder.name}> has no <source>` };
    const coded = readCodes(source);
    const translation = coded && target ? readCodes(target, coded.codes) : null;
    if (!coded || (target && !translation)) {
      return { line: holder.line, reason: `a segment has more than ${limits.codes} inline codes` };
    }
    segments.push({
      ...context,
      unit: unit.attributes['id'] ?? '',
      segment: isOld ? '' : (holder.attributes['id'] ?? ''),
      source: coded,
      target: translation,
      state: (isOld ? target?.attributes['state'] : holder.attributes['state']) ?? '',
      translate: unit.attributes['translate'] !== 'no',
      note: notes.map(textOf).join('\n').trim(),
      holder,
    });
  }
  return segments;
}

/** Reads the segments of XLIFF 1.2 or 2.x, those without a target too. */
export async function* readXliffSegments(
  bytes: Bytes,
  { encoding }: { readonly encoding?: string } = {},
): AsyncGenerator<Read<XliffSegment>[]> {
  for await (const placed of readPlaced(bytes, encoding)) {
    yield placed.map((read) => {
      if ('reason' in read) return read;
      const { holder: _holder, ...row } = read.row;
      return { line: read.line, row };
    });
  }
}

async function* readPlaced(bytes: Bytes, encoding: string | undefined): AsyncGenerator<Read<PlacedSegment>[]> {
  let context: XliffContext = { file: '', sourceLanguage: '', targetLanguage: '' };
  for await (const parts of readDocument(bytes, {
    records: xliffRecords,
    roots: ['xliff'],
    around: ['xliff', 'file'],
    encoding,
  })) {
    const read: Read<PlacedSegment>[] = [];
    for (const part of parts) {
      if (part.kind === 'fault') read.push({ line: part.line, reason: part.reason });
      else if (part.kind === 'open') context = xliffContext(context, part.name, part.attributes);
      else if (part.kind === 'record') {
        const segments = segmentsOf(part.element, context);
        if ('reason' in segments) read.push(segments);
        else read.push(...segments.map((row) => ({ line: row.holder.line, row })));
      }
    }
    yield read;
  }
}

/** States in which a target is none that anyone made: it is empty, or the source again. */
const untranslated = new Set(['new', 'needs-translation', 'initial']);

/**
 * Reads translations of XLIFF 1.2 or 2.x. Segments without a target, or in a state that says they are not translated
 * (`new`, `needs-translation`, `initial` with a target like the source), are left out. A unit of 1.2 that is divided (`seg-source`) gives a row
 * for each part. Documents in other languages than the pair are at fault, unit by unit.
 */
export async function* readXliff(bytes: Bytes, options: ReadOptions): AsyncGenerator<Read<TranslationRow>[]> {
  const sources = new LanguageMatcher(options.sourceLanguage);
  const targets = new LanguageMatcher(options.targetLanguage);
  for await (const segments of readPlaced(bytes, options.encoding)) {
    const read: Read<TranslationRow>[] = [];
    for (const placed of segments) {
      if ('reason' in placed) {
        read.push(placed);
        continue;
      }
      const { line, row: segment } = placed;
      if (!segment.target || segment.target.text.trim() === '') continue;
      if (untranslated.has(segment.state) && segment.target.text === segment.source.text) continue;
      if (segment.state === 'new' || segment.state === 'needs-translation') continue;
      const isTargetLeftOut = segment.targetLanguage === '';
      if (
        sources.fit(segment.sourceLanguage) === 0 ||
        (!isTargetLeftOut && targets.fit(segment.targetLanguage) === 0)
      ) {
        const pair = `${segment.sourceLanguage || '?'} to ${segment.targetLanguage || '?'}`;
        read.push({
          line,
          reason: `the document is ${pair}, not ${options.sourceLanguage} to ${options.targetLanguage}`,
        });
        continue;
      }
      for (const [source, target] of partsOfUnit(segment.holder, segment.source, segment.target)) {
        const hasCodes = source.codes.length > 0 || target.codes.length > 0;
        const row: TranslationRow = {
          source: source.text,
          target: target.text,
          ...(hasCodes ? { codes: { source: source.codes, target: target.codes } } : {}),
          context: '',
          domain: options.domain ?? '',
          note: segment.note,
        };
        read.push(checked(line, row, translationFault));
      }
    }
    yield read;
  }
}

/** The parts of a trans-unit that `seg-source` and `target` both mark, else the whole. */
function partsOfUnit(holder: XmlElement, source: CodedText, target: CodedText): [CodedText, CodedText][] {
  const marks = (element: XmlElement | undefined): Map<string, XmlElement> =>
    new Map(
      (element ? [...descendants(element)] : [])
        .filter(({ name, attributes }) => name === 'mrk' && attributes['mtype'] === 'seg')
        .map((mark) => [mark.attributes['mid'] ?? '', mark]),
    );
  const divided = marks(childOf(holder, 'seg-source'));
  const translated = marks(childOf(holder, 'target'));
  const parts: [CodedText, CodedText][] = [];
  for (const [mid, mark] of divided) {
    const other = translated.get(mid);
    const text = readCodes(mark);
    const translation = other && text && readCodes(other, text.codes);
    if (text && translation && translation.text.trim() !== '') parts.push([text, translation]);
  }
  return parts.length > 0 ? parts : [[source, target]];
}

const elements = {
  '1.2': new Set(['g', 'x', 'bx', 'ex', 'bpt', 'ept', 'ph', 'it', 'mrk']),
  '2.0': new Set(['pc', 'ph', 'sc', 'ec', 'mrk', 'sm', 'em', 'cp']),
} as const;

/** The content of a `source` or `target`. Inline elements of other formats become those of the version. */
export function xliffContent(coded: CodedText, version: '1.2' | '2.0'): string {
  let text = '';
  for (const part of partsOf(coded)) {
    if (typeof part === 'string') text += escapeText(part);
    // TMX has a `ph` as well, but without an id.
    else if (elements[version].has(part.name) && (part.attributes['id'] !== undefined || part.kind === 'close')) {
      text += codeElement(part);
    } else if (version === '1.2') {
      const name = { open: 'bpt', close: 'ept', single: 'ph' }[part.kind];
      const pair = part.kind === 'single' ? '' : ` rid="${part.id}"`;
      const id = part.kind === 'close' ? `${part.id}e` : part.id;
      text += `<${name} id="${id}"${pair}>${part.content || escapeText(codeElement(part))}</${name}>`;
    } else if (part.kind === 'single') text += `<ph id="${part.id}"/>`;
    else text += part.kind === 'open' ? `<sc id="${part.id}"/>` : `<ec startRef="${part.id}"/>`;
  }
  return text;
}
