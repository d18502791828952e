import { SaxesParser } from 'saxes';
import { limits, type RowFault } from './rows.ts';

/** An element of a record. */
export interface XmlElement {
  /** Without its prefix. */
  readonly name: string;
  /** With their prefixes, as `xml:lang`. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: (XmlElement | string)[];
  readonly line: number;
  /** Where its start tag begins and ends, and where the element ends, in the text that was parsed. */
  readonly from: number;
  readonly inner: number;
  to: number;
}

/** Ends the parser from within its events. */
class TooMuch extends Error {}

/**
 * Parses one element with what is in it (saxes, a conforming non-validating parser). Entities other than the five of
 * XML are not known to it.
 *
 * @param firstLine the line of the file the text begins at.
 * @returns the element, or the first thing that is wrong with it.
 */
export function parseElement(text: string, firstLine: number): XmlElement | RowFault {
  const parser = new SaxesParser({ position: true, xmlns: false });
  const stack: XmlElement[] = [];
  let root: XmlElement | null = null;
  let fault: RowFault | null = null;
  let attributes = 0;
  let elements = 0;
  const lineNow = (): number => firstLine + parser.line - 1;
  const refuse = (reason: string): never => {
    fault ??= { line: lineNow(), reason };
    throw new TooMuch(reason);
  };
  let from = 0;
  parser.on('opentagstart', () => {
    attributes = 0;
    elements += 1;
    if (elements > limits.elements) refuse(`more than ${limits.elements} elements`);
    from = text.lastIndexOf('<', parser.position - 1);
    if (stack.length >= limits.depth) refuse(`elements stand more than ${limits.depth} deep in each other`);
  });
  parser.on('attribute', () => {
    attributes += 1;
    if (attributes > limits.attributes) refuse(`an element has more than ${limits.attributes} attributes`);
  });
  parser.on('opentag', ({ name, attributes: given }) => {
    const line = lineNow();
    const element: XmlElement = {
      name: name.slice(name.indexOf(':') + 1),
      attributes: given,
      children: [],
      line,
      from,
      inner: parser.position,
      to: text.length,
    };
    stack.at(-1)?.children.push(element);
    root ??= element;
    stack.push(element);
  });
  parser.on('closetag', () => {
    const element = stack.pop();
    if (element) element.to = parser.position;
  });
  parser.on('text', (value) => void stack.at(-1)?.children.push(value));
  parser.on('cdata', (value) => void stack.at(-1)?.children.push(value));
  parser.on('error', (error) => {
    const [, line, reason = error.message] = /^(\d+):\d+: (.*)$/s.exec(error.message) ?? [];
    const cleaned = reason.replace(/\.$/, '').slice(0, 300);
    fault ??= { line: firstLine + Number(line ?? 1) - 1, reason: `not well-formed XML: ${cleaned}` };
    // Nothing after it counts.
    throw new TooMuch(reason);
  });
  try {
    parser.write(text).close();
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
  }
  return fault ?? root ?? { line: firstLine, reason: 'not well-formed XML: no element' };
}

/** The children of that name. */
export function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child): child is XmlElement => typeof child !== 'string' && child.name === name);
}

export function childOf(element: XmlElement, name: string): XmlElement | undefined {
  return childrenOf(element, name)[0];
}

/** The text of an element and of those in it. */
export function textOf(element: XmlElement): string {
  return element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');
}

/** Every element in an element, at any depth, in the order of the document. */
export function* descendants(element: XmlElement): Generator<XmlElement> {
  for (const child of element.children) {
    if (typeof child === 'string') continue;
    yield child;
    yield* descendants(child);
  }
}

/** Characters XML 1.0 cannot hold, however they are written. */
const unwritable = /(?![\t\n\r\x7f-\x9f])[\p{Cc}\p{Surrogate}\ufffe\uffff]/gu;

/** Text for the content of an element; what XML cannot hold becomes U+FFFD. CR is written so that it stays. */
export function escapeText(text: string): string {
  if (!/[&<>\r]|[^\t\n\r\u0020-\ud7ff]/.test(text)) return text;
  return text
    .replace(unwritable, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}

/** Text for an attribute in double quotes; tabs and line ends are written so that they stay. */
export function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
}

/** ` name="value"` for each attribute, those without a value left out. */
export function attributesText(attributes: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => (value === undefined ? '' : ` ${name}="${escapeAttribute(String(value))}"`))
    .join('');
}

/** An element as XML. */
export function serialise({
  name,
  attributes,
  children,
}: Pick<XmlElement, 'name' | 'attributes' | 'children'>): string {
  const inner = children.map((child) => (typeof child === 'string' ? escapeText(child) : serialise(child))).join('');
  const tag = `${name}${attributesText(attributes)}`;
  return inner === '' ? `<${tag}/>` : `<${tag}>${inner}</${name}>`;
}
