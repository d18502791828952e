import type { MemoryEntryContent } from '../../../contracts/language-data.ts';
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
import { attributesText, childOf, childrenOf, escapeText, textOf, type XmlElement } from './xml-tree.ts';

/**
 * Reads translations of TMX 1.4b (and 1.1 to 1.3, which it contains). Of the languages of a unit it takes those that fit
 * the pair best (see `languageFit`), by `xml:lang` or `lang`. Inline codes become placeholders. Domain: the unit's
 * `prop` of type `domain`, `x-domain` or `client`'s usual `x-subject`, else the header's, else the given one; context:
 * `x-context` or `context`; notes of the unit are joined.
 */
export async function* readTmx(bytes: Bytes, options: ReadOptions): AsyncGenerator<Read<TranslationRow>[]> {
  const source = new LanguageMatcher(options.sourceLanguage);
  const target = new LanguageMatcher(options.targetLanguage);
  for await (const parts of readDocument(bytes, { records: ['tu'], roots: ['tmx'], encoding: options.encoding })) {
    const read: Read<TranslationRow>[] = [];
    for (const part of parts) {
      if (part.kind === 'fault') read.push({ line: part.line, reason: part.reason });
      else if (part.kind === 'record') read.push(readUnit(part.element, source, target, options));
    }
    yield read;
  }
}

const languageOf = ({ attributes }: XmlElement): string => attributes['xml:lang'] ?? attributes['lang'] ?? '';

function readUnit(
  unit: XmlElement,
  sources: LanguageMatcher,
  targets: LanguageMatcher,
  { sourceLanguage, targetLanguage, domain = '' }: ReadOptions,
): Read<TranslationRow> {
  const { line } = unit;
  const variants = childrenOf(unit, 'tuv');
  const from = sources.best(variants, languageOf);
  const to = targets.best(
    variants.filter((variant) => variant !== from),
    languageOf,
  );
  if (!from || !to) {
    const has =
      variants
        .map((v) => languageOf(v) || '?')
        .join(', ')
        .slice(0, 200) || 'none';
    return { line, reason: `no text in ${from ? targetLanguage : sourceLanguage}; there is ${has}` };
  }
  const [sourceSegment, targetSegment] = [childOf(from, 'seg'), childOf(to, 'seg')];
  if (!sourceSegment || !targetSegment) return { line, reason: 'a <tuv> has no <seg>' };
  const text = readCodes(sourceSegment);
  const translation = text && readCodes(targetSegment, text.codes);
  if (!text || !translation) return { line, reason: `a segment has more than ${limits.codes} inline codes` };
  const property = (...types: string[]): string | undefined =>
    [...childrenOf(unit, 'prop'), ...childrenOf(from, 'prop')]
      .filter(({ attributes }) => types.includes((attributes['type'] ?? '').toLowerCase()))
      .map(textOf)[0];
  const hasCodes = text.codes.length > 0 || translation.codes.length > 0;
  const row: TranslationRow = {
    source: text.text,
    target: translation.text,
    ...(hasCodes ? { codes: { source: text.codes, target: translation.codes } } : {}),
    context: property('x-context', 'context') ?? '',
    domain: property('domain', 'x-domain', 'x-subject') ?? domain,
    note: childrenOf(unit, 'note').map(textOf).join('\n').trim(),
  };
  return checked(line, row, translationFault);
}

/** What stands in the header of an export. */
export interface TmxHeader {
  readonly sourceLanguage: string;
  readonly targetLanguage: string;
  /** Version of this software. */
  readonly toolVersion: string;
  readonly createdAt: Date;
}

/** Writes TMX 1.4b, UTF-8, a unit for each entry; ids of units are those of the entries. */
export async function* writeTmx(
  entries: AsyncIterable<
    readonly (MemoryEntryContent & { readonly id?: string; readonly by?: string; readonly at?: string })[]
  >,
  { sourceLanguage, targetLanguage, toolVersion, createdAt }: TmxHeader,
): AsyncGenerator<string> {
  const header = attributesText({
    creationtool: 'Perennial',
    creationtoolversion: toolVersion,
    segtype: 'sentence',
    'o-tmf': 'Perennial',
    adminlang: 'en',
    srclang: sourceLanguage,
    datatype: 'plaintext',
    creationdate: tmxTime(createdAt),
  });
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n<header${header}/>\n<body>\n`;
  for await (const page of entries) {
    yield page
      .map((entry) => {
        const { id, by, at, context, domain, note, codes } = entry;
        const unit = attributesText({ tuid: id, changeid: by || undefined, changedate: at && tmxTime(new Date(at)) });
        const properties = Object.entries({ 'x-domain': domain, 'x-context': context })
          .filter(([, value]) => value !== '')
          .map(([type, value]) => `<prop type="${type}">${escapeText(value)}</prop>`)
          .join('');
        const variant = (language: string, coded: CodedText): string =>
          `<tuv${attributesText({ 'xml:lang': language })}><seg>${segmentText(coded)}</seg></tuv>`;
        return (
          `<tu${unit}>${note === '' ? '' : `<note>${escapeText(note)}</note>`}${properties}` +
          variant(sourceLanguage, { text: entry.source, codes: codes?.source ?? [] }) +
          `${variant(targetLanguage, { text: entry.target, codes: codes?.target ?? [] })}</tu>\n`
        );
      })
      .join('');
  }
  yield '</body>\n</tmx>\n';
}

/** 20261124T111417Z */
function tmxTime(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d+/g, '');
}

const elements = new Set(['bpt', 'ept', 'ph', 'it', 'hi', 'ut']);

/** A segment; inline elements of other formats become those of TMX around the native code they stand for. */
function segmentText(coded: CodedText): string {
  let text = '';
  for (const part of partsOf(coded)) {
    if (typeof part === 'string') text += escapeText(part);
    else if (elements.has(part.name)) text += codeElement(part);
    else {
      const native = part.content === '' ? escapeText(codeElement(part)) : part.content;
      const { id } = part;
      if (part.kind === 'single') text += `<ph x="${id}">${native}</ph>`;
      else text += part.kind === 'open' ? `<bpt i="${id}" x="${id}">${native}</bpt>` : `<ept i="${id}">${native}</ept>`;
    }
  }
  return text;
}
