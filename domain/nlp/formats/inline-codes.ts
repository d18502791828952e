import type { InlineCode } from '../../../contracts/language-data.ts';
import { limits } from './rows.ts';
import { attributesText, serialise, type XmlElement } from './xml-tree.ts';

/** A text with placeholders, and what they stand for. */
export interface CodedText {
  readonly text: string;
  readonly codes: readonly InlineCode[];
}

/** Elements that begin or end a pair and hold native code: name, and the attribute that joins the two. */
const halves: Readonly<Record<string, { kind: 'open' | 'close'; join: string }>> = {
  bpt: { kind: 'open', join: 'i' },
  ept: { kind: 'close', join: 'i' },
};
/** Elements around text that is translated. */
const wrapping = new Set(['hi', 'g', 'mrk', 'pc']);

/** The placeholder of a code in a text: `<1>`, `</1>` or `<1/>`. */
export function placeholderOf({ id, kind }: Pick<InlineCode, 'id' | 'kind'>): string {
  if (kind === 'single') return `<${id}/>`;
  return kind === 'open' ? `<${id}>` : `</${id}>`;
}

/**
 * Turns the content of a segment (`seg` of TMX; `source`, `target` of XLIFF) into text with placeholders. Numbers begin at
 * 1 and leave out those that the text itself has as `<1>`. A code that `like` (the source's) has as well gets its number,
 * so that the placeholders of source and target are the same.
 *
 * @returns null when there are more codes than {@link limits} allows.
 */
export function readCodes(segment: XmlElement, like: readonly InlineCode[] = []): CodedText | null {
  if (segment.children.every((child) => typeof child === 'string')) {
    return { text: segment.children.join(''), codes: [] };
  }
  const literal = literalNumbers(segment);
  const used = new Set<number>();
  const codes: InlineCode[] = [];
  const open: { element: string; joint: string; id: number }[] = [];
  const numberOf = (code: Omit<InlineCode, 'id'>): number => {
    const fits = (other: InlineCode, same: (a: InlineCode) => boolean): boolean =>
      !used.has(other.id) && other.kind === code.kind && other.name === code.name && same(other);
    const { id: own = code.attributes['x'] } = code.attributes;
    const twin =
      like.find((other) =>
        fits(other, (o) => own !== undefined && (o.attributes['id'] ?? o.attributes['x']) === own),
      ) ?? like.find((other) => fits(other, (o) => o.content === code.content && alike(o.attributes, code.attributes)));
    let id = twin?.id ?? 1;
    while (used.has(id) || literal.has(id) || (!twin && like.some((other) => other.id === id))) id += 1;
    used.add(id);
    return id;
  };
  const add = (id: number, code: Omit<InlineCode, 'id'>): string => {
    codes.push({ id, ...code });
    return placeholderOf({ id, kind: code.kind });
  };
  const read = (element: XmlElement): string =>
    element.children
      .map((child) => {
        if (typeof child === 'string') return child;
        const { name, attributes } = child;
        if (wrapping.has(name)) {
          const id = numberOf({ kind: 'open', name, attributes, content: '' });
          const begin = add(id, { kind: 'open', name, attributes, content: '' });
          return begin + read(child) + add(id, { kind: 'close', name, attributes: {}, content: '' });
        }
        const content = child.children.map((c) => (typeof c === 'string' ? escapePlain(c) : serialise(c))).join('');
        const half = halves[name];
        if (!half)
          return add(numberOf({ kind: 'single', name, attributes, content }), {
            kind: 'single',
            name,
            attributes,
            content,
          });
        const joint = attributes[half.join] ?? attributes['rid'] ?? attributes['id'] ?? '';
        if (half.kind === 'open') {
          const id = numberOf({ kind: 'open', name, attributes, content });
          open.push({ element: name, joint, id });
          return add(id, { kind: 'open', name, attributes, content });
        }
        const at = open.findLastIndex((o) => o.joint === joint);
        if (at < 0)
          return add(numberOf({ kind: 'single', name, attributes, content }), {
            kind: 'single',
            name,
            attributes,
            content,
          });
        const [{ id } = { id: 0 }] = open.splice(at, 1);
        return add(id, { kind: 'close', name, attributes, content });
      })
      .join('');
  const text = read(segment);
  return codes.length > limits.codes ? null : { text, codes };
}

function alike(a: InlineCode['attributes'], b: InlineCode['attributes']): boolean {
  return a['type'] === b['type'] && a['ctype'] === b['ctype'] && a['equiv-text'] === b['equiv-text'];
}

function escapePlain(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Numbers that the text itself has in the form of a placeholder. */
function literalNumbers(element: XmlElement): Set<number> {
  const found = new Set<number>();
  const look = (node: XmlElement | string): void => {
    if (typeof node !== 'string') for (const child of node.children) look(child);
    else for (const [, number] of node.matchAll(/<\/?(\d{1,6})\/?>/g)) found.add(Number(number));
  };
  look(element);
  return found;
}

/** Parts of a text: what stands between placeholders, and the codes these stand for. */
export function* partsOf({ text, codes }: CodedText): Generator<string | InlineCode> {
  if (codes.length === 0) {
    if (text !== '') yield text;
    return;
  }
  const byPlaceholder = new Map(codes.map((code) => [placeholderOf(code), code]));
  let at = 0;
  for (const match of text.matchAll(/<\/?\d{1,6}\/?>/g)) {
    const code = byPlaceholder.get(match[0]);
    if (!code) continue;
    if (match.index > at) yield text.slice(at, match.index);
    yield code;
    at = match.index + match[0].length;
  }
  if (at < text.length) yield text.slice(at);
}

/** The text without its codes, for training and counting. Words that a code stood between stay apart. */
export function plainText(coded: CodedText): string {
  if (coded.codes.length === 0) return coded.text;
  return [...partsOf(coded)]
    .map((part) => (typeof part === 'string' ? part : part.kind === 'single' ? ' ' : ''))
    .join('')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** A code as the element it was read from. */
export function codeElement({ kind, name, attributes, content }: InlineCode): string {
  if (wrapping.has(name)) return kind === 'open' ? `<${name}${attributesText(attributes)}>` : `</${name}>`;
  const tag = `${name}${attributesText(attributes)}`;
  return content === '' ? `<${tag}/>` : `<${tag}>${content}</${name}>`;
}
