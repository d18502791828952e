import { decode } from './decode.ts';
import type { Bytes, RowFault } from './rows.ts';
import { XmlSplitter } from './xml-split.ts';
import { parseElement, type XmlElement } from './xml-tree.ts';

/** What a reader of a format sees of a document, in its order. */
export type DocumentPart =
  | { readonly kind: 'record'; readonly element: XmlElement }
  /** A start tag outside of records. */
  | { readonly kind: 'open'; readonly name: string; readonly attributes: Readonly<Record<string, string>> }
  | ({ readonly kind: 'fault' } & RowFault);

/**
 * Reads a document as records, with the start tags of `around` between them. A document whose root is another element than `roots`, or
 * that holds no record, has a fault that says so.
 */
export async function* readDocument(
  bytes: Bytes,
  {
    records,
    roots,
    around = [],
    encoding,
  }: {
    records: readonly string[];
    roots: readonly string[];
    around?: readonly string[];
    encoding: string | undefined;
  },
): AsyncGenerator<DocumentPart[]> {
  const splitter = new XmlSplitter(records);
  let root: string | undefined;
  let found = false;
  const read = (parts: ReturnType<XmlSplitter['write']>): DocumentPart[] => {
    const read: DocumentPart[] = [];
    for (const part of parts) {
      if (part.kind === 'fault') read.push(part);
      else if (part.kind === 'record') {
        found = true;
        const element = parseElement(part.text, part.line);
        read.push('reason' in element ? { kind: 'fault', ...element } : { kind: 'record', element });
      } else if (part.kind === 'open') {
        const { name, text, line } = part;
        if (root === undefined && !roots.includes(name)) {
          read.push({
            kind: 'fault',
            line,
            reason: `the document begins with <${name.slice(0, 100)}>, not <${roots[0]}>`,
          });
        }
        root ??= name;
        if (!around.includes(name)) continue;
        const element = parseElement(text.endsWith('/>') ? text : `${text.slice(0, -1)}/>`, line);
        if ('reason' in element) read.push({ kind: 'fault', ...element });
        else read.push({ kind: 'open', name, attributes: element.attributes });
      }
    }
    return read;
  };
  for await (const piece of decode(bytes, encoding)) {
    yield 'text' in piece ? read(splitter.write(piece.text)) : [{ kind: 'fault', ...piece }];
  }
  const last = read(splitter.end());
  if (!found) last.push({ kind: 'fault', line: 1, reason: `the document holds no <${records.join('> or <')}>` });
  yield last;
}
