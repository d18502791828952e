import type { MemoryEntryContent } from '../../../contracts/language-data.ts';
import { decode } from './decode.ts';
import type { CodedText } from './inline-codes.ts';
import type { Bytes, RowFault } from './rows.ts';
import {
  type PlacedSegment,
  segmentsOf,
  type XliffContext,
  type XliffSegment,
  xliffContent,
  xliffContext,
  xliffRecords,
} from './xliff.ts';
import { type XmlPart, XmlSplitter } from './xml-split.ts';
import { attributesText, childOf, escapeAttribute, escapeText, parseElement } from './xml-tree.ts';

/** What becomes of a segment. */
export interface XliffTranslation {
  /** With the placeholders of the segment's source. */
  readonly target: string;
  /** State to note: of the target in 1.2, of the segment in 2.x. */
  readonly state?: string;
}

/**
 * Writes a document again with targets put in or replaced; everything else stays as it is, byte for byte, but for the
 * encoding, which becomes UTF-8, and a document type, which is left out.
 *
 * @param translate is asked for every segment that may be translated, in the order of the document; null: as it is.
 * @param options.targetLanguage is noted in the document. Default: what it says.
 * @param options.onFault is told of units that cannot be read; they stay as they are.
 */
export async function* translateXliff(
  bytes: Bytes,
  translate: (segment: XliffSegment) => Promise<XliffTranslation | null> | XliffTranslation | null,
  {
    targetLanguage,
    encoding,
    onFault = () => {},
  }: {
    readonly targetLanguage?: string;
    readonly encoding?: string;
    readonly onFault?: (fault: RowFault) => void;
  } = {},
): AsyncGenerator<string> {
  const splitter = new XmlSplitter(xliffRecords);
  let context: XliffContext = { file: '', sourceLanguage: '', targetLanguage: '' };
  let head: string | null = '';
  const write = async (parts: readonly XmlPart[]): Promise<string> => {
    let text = '';
    for (const part of parts) {
      if (part.kind === 'fault') onFault(part);
      else if (part.kind === 'record') text += await translateUnit(part, context, translate, onFault);
      else if (part.kind === 'open') {
        if (head !== null) {
          text = utf8Declared(head);
          head = null;
        }
        const isContext = part.name === 'xliff' || part.name === 'file';
        const tag = part.text.endsWith('/>') ? part.text : `${part.text.slice(0, -1)}/>`;
        const element = isContext ? parseElement(tag, part.line) : null;
        if (element && !('reason' in element)) context = xliffContext(context, part.name, element.attributes);
        text += targetLanguage === undefined ? part.text : withLanguage(part.name, part.text, targetLanguage);
      } else if (head !== null) head += part.text;
      else text += part.text;
    }
    return text;
  };
  for await (const piece of decode(bytes, encoding)) {
    if ('text' in piece) yield await write(splitter.write(piece.text));
    else onFault(piece);
  }
  yield await write(splitter.end());
}

function utf8Declared(head: string): string {
  return head.replace(/(<\?xml[^>]*\bencoding\s*=\s*)(?:"[^"]*"|'[^']*')/, '$1"UTF-8"');
}

/** A start tag with the target language in it. */
function withLanguage(name: string, tag: string, language: string): string {
  const isOldFile = name === 'file' && /\ssource-language\s*=/.test(tag);
  const attribute = isOldFile ? 'target-language' : name === 'xliff' && /\ssrcLang\s*=/.test(tag) ? 'trgLang' : null;
  return attribute === null ? tag : withAttribute(tag, attribute, language);
}

function withAttribute(tag: string, name: string, value: string): string {
  const written = `${name}="${escapeAttribute(value)}"`;
  const given = new RegExp(`(\\s)${name}\\s*=\\s*(?:"[^"]*"|'[^']*')`);
  // A function, since `$` in a text would mean something.
  if (given.test(tag)) return tag.replace(given, (_match, space: string) => space + written);
  return tag.replace(/\s*\/?>$/, (end) => ` ${written}${end}`);
}

async function translateUnit(
  part: Extract<XmlPart, { kind: 'record' }>,
  context: XliffContext,
  translate: (segment: XliffSegment) => Promise<XliffTranslation | null> | XliffTranslation | null,
  onFault: (fault: RowFault) => void,
): Promise<string> {
  const unit = parseElement(part.text, part.line);
  const segments = 'reason' in unit ? unit : segmentsOf(unit, context);
  if ('reason' in segments) {
    onFault(segments);
    return part.text;
  }
  const edits: { from: number; to: number; text: string }[] = [];
  for (const placed of segments) {
    const { holder, ...segment } = placed;
    const done = segment.translate ? await translate(segment) : null;
    if (done) edits.push(...editsOf(part, placed, done));
  }
  let text = '';
  let at = 0;
  for (const edit of edits.sort((a, b) => a.from - b.from)) {
    text += part.text.slice(at, edit.from) + edit.text;
    at = edit.to;
  }
  return text + part.text.slice(at);
}

function editsOf(
  { name, text }: { readonly name: string; readonly text: string },
  { holder, source: { codes } }: PlacedSegment,
  { target, state }: XliffTranslation,
): { from: number; to: number; text: string }[] {
  const isOld = name === 'trans-unit';
  const content = xliffContent({ text: target, codes }, isOld ? '1.2' : '2.0');
  const edits: { from: number; to: number; text: string }[] = [];
  if (!isOld && state !== undefined) {
    edits.push({
      from: holder.from,
      to: holder.inner,
      text: withAttribute(text.slice(holder.from, holder.inner), 'state', state),
    });
  }
  const given = childOf(holder, 'target');
  if (given) {
    const { state: _state, ...attributes } = given.attributes;
    const kept = isOld ? { ...attributes, state: state ?? given.attributes['state'] } : given.attributes;
    // The name as the document has it, with its prefix.
    const tag = /^<([^\s/>]+)/.exec(text.slice(given.from))?.[1] ?? 'target';
    edits.push({ from: given.from, to: given.to, text: `<${tag}${attributesText(kept)}>${content}</${tag}>` });
    return edits;
  }
  const source = childOf(holder, 'source');
  const before = childOf(holder, 'seg-source') ?? source;
  if (!source || !before) return edits;
  const prefix = /^<((?:[^\s/>:]+:)?)/.exec(text.slice(source.from))?.[1] ?? '';
  const space = /\s*$/.exec(text.slice(0, source.from))?.[0] ?? '';
  const attributes = isOld ? attributesText({ state }) : '';
  edits.push({
    from: before.to,
    to: before.to,
    text: `${space}<${prefix}target${attributes}>${content}</${prefix}target>`,
  });
  return edits;
}

/** Writes translations as XLIFF, UTF-8: a unit for each. */
export async function* writeXliff(
  entries: AsyncIterable<readonly (MemoryEntryContent & { readonly id?: string })[]>,
  {
    sourceLanguage,
    targetLanguage,
    name,
    version = '1.2',
  }: {
    readonly sourceLanguage: string;
    readonly targetLanguage: string;
    readonly name: string;
    readonly version?: '1.2' | '2.0';
  },
): AsyncGenerator<string> {
  const isOld = version === '1.2';
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield isOld
    ? `<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">\n<file${attributesText({ original: name, 'source-language': sourceLanguage, 'target-language': targetLanguage, datatype: 'plaintext' })}><body>\n`
    : `<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0"${attributesText({ srcLang: sourceLanguage, trgLang: targetLanguage })}>\n<file${attributesText({ id: 'f1', original: name })}>\n`;
  let number = 0;
  for await (const page of entries) {
    let text = '';
    for (const { id, source, target, codes, note } of page) {
      number += 1;
      const content = (of: string, coded: CodedText): string => `<${of}>${xliffContent(coded, version)}</${of}>`;
      const pair =
        content('source', { text: source, codes: codes?.source ?? [] }) +
        content('target', { text: target, codes: codes?.target ?? [] });
      const written = note === '' ? '' : `<note>${escapeText(note)}</note>`;
      text += isOld
        ? `<trans-unit id="${id ?? number}">${pair}${written}</trans-unit>\n`
        : `<unit id="u${id ?? number}">${written === '' ? '' : `<notes>${written}</notes>`}<segment state="translated">${pair}</segment></unit>\n`;
    }
    yield text;
  }
  yield isOld ? '</body></file>\n</xliff>\n' : '</file>\n</xliff>\n';
}
