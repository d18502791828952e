import { SaxesParser } from 'saxes';
import { invalid } from '../document.ts';

/** An element of a part, by its places in the text, so that all that is not changed stays as it is. */
export interface Node {
  /** With the prefix `w:` for WordprocessingML, whatever prefix the part has; others as they are. */
  readonly name: string;
  /** The start tag from its `<`; the content; the end tag's `>`. */
  readonly from: number;
  inner: number;
  innerTo: number;
  to: number;
  readonly children: Node[];
  /** Text of an element that has no other elements, entities resolved. */
  text: string;
}

export interface Part {
  readonly xml: string;
  readonly root: Node;
  /** Prefix of WordprocessingML with its colon, or ''. */
  readonly prefix: string;
}

/** Namespaces of WordprocessingML: transitional and strict. */
const wordNamespaces = new Set([
  'http://schemas.openxmlformats.org/wordprocessingml/2006/main',
  'http://purl.oclc.org/ooxml/wordprocessingml/main',
]);
const deepest = 500;
const mostElements = 3_000_000;

/**
 * Parses a part (saxes, a conforming parser that knows no entities but XML's five).
 *
 * @throws SOURCE_INVALID for what is not well-formed, has a document type, or is nested deeper than 500.
 */
export function parsePart(name: string, xml: string): Part {
  const parser = new SaxesParser({ position: true, xmlns: false });
  const stack: Node[] = [];
  let root: Node | null = null;
  let prefix: string | null = null;
  let elements = 0;
  let from = 0;
  const refuse = (reason: string): never => {
    throw invalid(`The part ${name}, line ${parser.line}: ${reason}.`, 'Open it in its program and save it again.');
  };
  parser.on('doctype', () => refuse('a document type is not allowed in OOXML'));
  parser.on('error', (error) => refuse(`not well-formed XML: ${error.message.replace(/^\d+:\d+: |\.$/g, '')}`));
  parser.on('opentagstart', () => {
    from = xml.lastIndexOf('<', parser.position - 1);
    if (stack.length >= deepest) refuse(`elements stand more than ${deepest} deep in each other`);
    if (++elements > mostElements) refuse(`more than ${mostElements} elements`);
  });
  parser.on('opentag', ({ name: tag, attributes }) => {
    prefix ??= prefixIn(attributes as Record<string, string>);
    const at = parser.position;
    const node: Node = {
      name: canonical(tag, prefix),
      from,
      inner: at,
      innerTo: at,
      to: at,
      children: [],
      text: '',
    };
    stack.at(-1)?.children.push(node);
    root ??= node;
    stack.push(node);
  });
  parser.on('closetag', ({ isSelfClosing }) => {
    const node = stack.pop() as Node;
    node.to = parser.position;
    node.innerTo = isSelfClosing ? node.to : xml.lastIndexOf('<', node.to - 1);
  });
  const addText = (text: string): void => {
    const node = stack.at(-1);
    if (node && node.children.length === 0 && isText(node.name)) node.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(xml).close();
  return { xml, root: root as unknown as Node, prefix: prefix ?? '' };
}

function isText(name: string): boolean {
  return name === 'w:t' || name === 'w:instrText';
}

/** The prefix that the root gives to WordprocessingML, with its colon; null when it names none. */
function prefixIn(attributes: Readonly<Record<string, string>>): string | null {
  for (const [name, value] of Object.entries(attributes)) {
    if (!wordNamespaces.has(value)) continue;
    if (name === 'xmlns') return '';
    if (name.startsWith('xmlns:')) return `${name.slice(6)}:`;
  }
  return null;
}

function canonical(tag: string, prefix: string | null): string {
  if (prefix === 'w:' || prefix === null) return tag;
  if (prefix === '') return tag.includes(':') ? tag : `w:${tag}`;
  return tag.startsWith(prefix) ? `w:${tag.slice(prefix.length)}` : tag;
}

/** The child of that name. */
export function childOf(node: Node, name: string): Node | undefined {
  return node.children.find((child) => child.name === name);
}

/** An attribute of a start tag as it stands there, entities not resolved; undefined when it has none. */
export function attributeOf(xml: string, node: Node, name: string): string | undefined {
  const tag = xml.slice(node.from, node.inner);
  return new RegExp(`\\s(?:[\\w-]+:)?${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`)
    .exec(tag)
    ?.slice(1)
    .find((v) => v !== undefined);
}
