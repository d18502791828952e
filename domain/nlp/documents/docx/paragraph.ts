import { escapeText } from '../../formats/xml-tree.ts';
import { type Masked, maskPieces, type Piece, piecesOf } from '../../markup/index.ts';
import { hasWords } from '../document.ts';
import { type Dialect, dialectOf } from './dialect.ts';
import type { Item } from './items.ts';
import type { Place } from './place.ts';
import type { Node, Part } from './xml.ts';

/** What a mark in a restored translation stands for: XML cannot hold the characters that marks are made of. */
type Code =
  | { readonly kind: 'format'; readonly format: string | null }
  | { readonly kind: 'item'; readonly item: Extract<Item, { kind: 'raw' }> };

const mark = (code: number): string => `\u0001${code}\u0002`;

/**
 * Reads a paragraph. Its runs are text; a format is a tag around the text only where it is another than the one most of the
 * text around it has, so that the many runs that programs make of a sentence give none. Links, tracked insertions, bookmarks
 * and comments are tags too, notes, pictures and fields are places; deleted text stays where it was.
 *
 * @param slice the XML between two places, with the translations of what is in it.
 * @param language what translated runs say of their language, where they say one.
 * @returns null when there is nothing to translate.
 */
export function readParagraph(
  part: Part,
  node: Node,
  slice: (from: number, to: number) => string,
  language: string,
): Place | null {
  const dialect = dialectOf(node);
  const items = dialect.items(part, node, slice);
  const usual = usualFormats(items, dialect);
  const codes: Code[] = [];
  const parts = split(items).map((stretch) => {
    const masked = stretch.length > 0 ? maskOf(stretch, usual, codes, dialect) : null;
    return { stretch, masked: masked && hasWords(masked) ? masked : null };
  });
  const segments = parts.flatMap(({ masked }) => masked ?? []);
  if (segments.length === 0) return null;
  const first = node.children[0];
  const last = node.children.at(-1);
  return {
    segments,
    from: first?.name === dialect.first ? first.to : node.inner,
    to: last?.name === dialect.last ? last.from : node.innerTo,
    write(translations) {
      const writer = new RunWriter(dialect, prefixOf(part.xml, node), usual, language);
      let next = 0;
      for (const { stretch, masked } of parts) {
        if (!masked) for (const item of stretch) writer.item(item);
        else writer.text(translations[next++] ?? '', codes);
      }
      return writer.xml;
    },
  };
}

/** The prefix of an element, with its colon. */
function prefixOf(xml: string, { from }: Node): string {
  return /^<([^\s:/>]+:)?/.exec(xml.slice(from, from + 100))?.[1] ?? '';
}

/** Stretches between breaks; a break is a stretch of its own. */
function split(items: readonly Item[]): Item[][] {
  const out: Item[][] = [[]];
  for (const item of items) {
    if (item.kind === 'raw' && item.role === 'break') out.push([item], []);
    else out.at(-1)?.push(item);
  }
  return out;
}

/** The format most of the text has, by the name of the element around it; '' is the paragraph. */
function usualFormats(items: readonly Item[], { lookOf }: Dialect): Map<string, string> {
  const counts = new Map<string, Map<string, { format: string; letters: number }>>();
  const open = [''];
  for (const item of items) {
    if (item.kind === 'raw') {
      if (item.wraps && item.role === 'open') open.push(item.name ?? '');
      else if (item.wraps && item.role === 'close') open.pop();
      continue;
    }
    const name = open.at(-1) ?? '';
    const formats = counts.get(name) ?? new Map<string, { format: string; letters: number }>();
    counts.set(name, formats);
    const look = lookOf(item.format);
    const count = formats.get(look) ?? { format: item.format, letters: 0 };
    formats.set(look, { ...count, letters: count.letters + item.text.length });
  }
  return new Map(
    [...counts].map(([name, formats]) => {
      const [most] = [...formats.values()].sort((a, b) => b.letters - a.letters);
      return [name, most?.format ?? ''];
    }),
  );
}

function maskOf(
  items: readonly Item[],
  usual: ReadonlyMap<string, string>,
  codes: Code[],
  { lookOf }: Dialect,
): Masked {
  const pieces: Piece[] = [];
  const around = [''];
  let format: { readonly look: string; readonly name: string } | null = null;
  const put = (code: Code, kind: 'open' | 'close' | 'single' | 'value', name?: string): void => {
    pieces.push({ content: mark(codes.push(code) - 1), kind, ...(name === undefined ? {} : { name }) });
  };
  const setFormat = (given: string | null): void => {
    const look = given === null ? null : lookOf(given);
    if ((format?.look ?? null) === look) return;
    if (format) put({ kind: 'format', format: null }, 'close', format.name);
    format = null;
    if (look === null) return;
    format = { look, name: `format ${codes.length}` };
    put({ kind: 'format', format: given }, 'open', format.name);
  };
  for (const item of items) {
    if (item.kind === 'text') {
      const base = usual.get(around.at(-1) ?? '') ?? '';
      // Blanks look the same in most formats.
      if (item.text.trim() !== '' || format !== null) {
        setFormat(lookOf(item.format) === lookOf(base) ? null : item.format);
      }
      for (const piece of piecesOf(item.text)) pieces.push(piece);
      continue;
    }
    if (item.wraps) {
      setFormat(null);
      if (item.role === 'open') around.push(item.name ?? '');
      else if (around.length > 1) around.pop();
    }
    put({ kind: 'item', item }, item.role === 'break' ? 'single' : item.role, item.name);
  }
  setFormat(null);
  return maskPieces(pieces, false);
}

/** Writes texts as runs in the format that holds where they stand. */
class RunWriter {
  xml = '';
  readonly #dialect: Dialect;
  readonly #prefix: string;
  readonly #usual: ReadonlyMap<string, string>;
  readonly #language: string;
  readonly #around: string[] = [''];

  constructor(dialect: Dialect, prefix: string, usual: ReadonlyMap<string, string>, language: string) {
    this.#dialect = dialect;
    this.#prefix = prefix;
    this.#usual = usual;
    this.#language = language;
  }

  item(item: Item): void {
    this.xml += item.raw();
    if (item.kind !== 'raw' || !item.wraps) return;
    if (item.role === 'open') this.#around.push(item.name ?? '');
    else if (this.#around.length > 1) this.#around.pop();
  }

  text(restored: string, codes: readonly Code[]): void {
    let format: string | null = null;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: marks are made of characters that no XML can hold
    for (const [i, piece] of restored.split(/\u0001(\d+)\u0002/).entries()) {
      const code = i % 2 === 1 ? codes[Number(piece)] : undefined;
      if (code?.kind === 'item') this.item(code.item);
      else if (code) format = code.format;
      else if (i % 2 === 0 && piece !== '')
        this.#run(piece, format ?? this.#usual.get(this.#around.at(-1) ?? '') ?? '');
    }
  }

  #run(text: string, format: string): void {
    const p = this.#prefix;
    const { inLanguage, textAttributes } = this.#dialect;
    const properties = inLanguage(format, this.#language);
    const line = escapeText(text.replaceAll(/[\r\n\t]+/g, ' '));
    this.xml += `<${p}r>${properties}<${p}t${textAttributes}>${line}</${p}t></${p}r>`;
  }
}
