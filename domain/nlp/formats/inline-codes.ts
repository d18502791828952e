import type { InlineCode } from '../../../contracts/language-data.ts';
import { limits } from './rows.ts';
import { attributesText, serialise, type XmlElement } from './xml-tree.ts';

/** A text with placeholders, and what they stand for. */
export interface CodedText {
  readonly text: string;
  readonly codes: readonly InlineCode[];
}

/**
 * Elements that begin or end a pair, and the attributes that join the two, the first that is there: bpt, ept (TMX: `i`;
 * XLIFF 1.2: `rid`), bx, ex (1.2), sc, ec, sm, em (2.x).
 */
const halves = new Map<string, { readonly kind: 'open' | 'close'; readonly join: readonly string[] }>([
  ['bpt', { kind: 'open', join: ['i', 'rid', 'id'] }],
  ['ept', { kind: 'close', join: ['i', 'rid', 'id'] }],
  ['bx', { kind: 'open', join: ['rid', 'id'] }],
  ['ex', { kind: 'close', join: ['rid', 'id'] }],
  ['sc', { kind: 'open', join: ['id'] }],
  ['ec', { kind: 'close', join: ['startRef'] }],
  ['sm', { kind: 'open', join: ['id'] }],
  ['em', { kind: 'close', join: ['startRef'] }],
]);
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
  const reader = new CodeReader(literalNumbers(segment), like);
  const text = reader.read(segment);
  return reader.codes.length > limits.codes ? null : reader.finish(text);
}

type Code = Omit<InlineCode, 'id'>;

class CodeReader {
  readonly codes: InlineCode[] = [];
  readonly #literal: ReadonlySet<number>;
  readonly #like: readonly InlineCode[];
  readonly #used = new Set<number>();
  /** Halves that have begun. */
  readonly #open: { readonly joint: string; readonly id: number }[] = [];
  #next = 1;

  constructor(literal: ReadonlySet<number>, like: readonly InlineCode[]) {
    this.#literal = literal;
    this.#like = like;
  }

  read(element: XmlElement): string {
    let text = '';
    for (const child of element.children) {
      // A segment of nothing but codes must not take long to refuse.
      if (this.codes.length > limits.codes) return text;
      text += typeof child === 'string' ? child : this.#code(child);
    }
    return text;
  }

  /** A half that never ends stands alone. */
  finish(text: string): CodedText {
    const alone = new Set(this.#open.map(({ id }) => id));
    if (alone.size === 0) return { text, codes: this.codes };
    const codes = this.codes.map((code) => (alone.has(code.id) ? { ...code, kind: 'single' as const } : code));
    const single = text.replace(/<(\d{1,6})>/g, (mark, id: string) => (alone.has(Number(id)) ? `<${id}/>` : mark));
    return { text: single, codes };
  }

  #code(element: XmlElement): string {
    const { name, attributes } = element;
    if (wrapping.has(name)) {
      const id = this.#number({ kind: 'open', name, attributes, content: '' });
      const begin = this.#add(id, { kind: 'open', name, attributes, content: '' });
      return begin + this.read(element) + this.#add(id, { kind: 'close', name, attributes: {}, content: '' });
    }
    const content = element.children.map((c) => (typeof c === 'string' ? escapePlain(c) : serialise(c))).join('');
    const half = halves.get(name);
    const joint = half?.join.map((attribute) => attributes[attribute]).find((value) => value !== undefined) ?? '';
    if (half?.kind === 'open') {
      const id = this.#number({ kind: 'open', name, attributes, content });
      this.#open.push({ joint, id });
      return this.#add(id, { kind: 'open', name, attributes, content });
    }
    const begun = half ? this.#open.findLastIndex((open) => open.joint === joint) : -1;
    const [begin] = begun < 0 ? [] : this.#open.splice(begun, 1);
    if (begin) return this.#add(begin.id, { kind: 'close', name, attributes, content });
    const single: Code = { kind: 'single', name, attributes, content };
    return this.#add(this.#number(single), single);
  }

  #add(id: number, code: Code): string {
    this.codes.push({ id, ...code });
    return placeholderOf({ id, kind: code.kind });
  }

  /** The number of the same code in the source, else the next that nobody has. */
  #number(code: Code): number {
    const own = ownId(code.attributes);
    const find = (isSame: (other: InlineCode) => boolean): InlineCode | undefined =>
      this.#like.find((o) => !this.#used.has(o.id) && o.kind === code.kind && o.name === code.name && isSame(o));
    const twin =
      (own === undefined ? undefined : find((other) => ownId(other.attributes) === own)) ??
      find((other) => other.content === code.content && alike(other.attributes, code.attributes));
    if (twin && !this.#literal.has(twin.id)) {
      this.#used.add(twin.id);
      return twin.id;
    }
    const isTaken = (id: number): boolean =>
      this.#used.has(id) || this.#literal.has(id) || this.#like.some((other) => other.id === id);
    while (isTaken(this.#next)) this.#next += 1;
    this.#used.add(this.#next);
    return this.#next;
  }
}

/** What a code is called in its segment, the same in source and target. */
function ownId(attributes: InlineCode['attributes']): string | undefined {
  return attributes['id'] ?? attributes['x'];
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
