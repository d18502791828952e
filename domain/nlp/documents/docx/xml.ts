import { SaxesParser } from 'saxes';
import { invalid } from '../document.ts';

/** An element of a part, by its places in the text, so that all that is not changed stays as it is. */
export interface Node {
  /** With the prefixes `w:`, `a:`, `c:` and `cx:` for what has texts, whatever prefixes the part has; others as they are. */
  readonly name: string;
  /** The start tag from its `<`; the content; the end tag's `>`. */
  readonly from: number;
  inner: number;
  innerTo: number;
  to: number;
  readonly children: Node[];
  /** Text of an element that has no other elements, entities resolved. */
  text: string;
  /** Of elements that may say what is seen on a picture: by their names as they are, entities resolved. */
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface Part {
  readonly xml: string;
  readonly root: Node;
  /** Prefix of WordprocessingML with its colon, or ''. */
  readonly prefix: string;
}

/** Namespaces whose elements are read, transitional and strict, with the prefixes they have here. */
const namespaces: ReadonlyMap<string, string> = new Map([
  ['http://schemas.openxmlformats.org/wordprocessingml/2006/main', 'w:'],
  ['http://purl.oclc.org/ooxml/wordprocessingml/main', 'w:'],
  ['http://schemas.openxmlformats.org/drawingml/2006/main', 'a:'],
  ['http://purl.oclc.org/ooxml/drawingml/main', 'a:'],
  ['http://schemas.openxmlformats.org/drawingml/2006/chart', 'c:'],
  ['http://purl.oclc.org/ooxml/drawingml/chart', 'c:'],
  ['http://schemas.microsoft.com/office/drawing/2014/chartex', 'cx:'],
]);
const texts = new Set(['w:t', 'w:instrText', 'a:t', 'c:v', 'c:name', 'cx:pt', 'cx:v']);
const described = /:(?:docPr|cNvPr)$|^v:|^w:tbl(?:Caption|Description)$/;
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
  /** Prefixes of the part, as they are declared first. */
  const prefixes = new Map<string, string>();
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
    declare(prefixes, attributes as Record<string, string>);
    const at = parser.position;
    const name = canonical(tag, prefixes);
    const node: Node = {
      name,
      from,
      inner: at,
      innerTo: at,
      to: at,
      children: [],
      text: '',
      ...(described.test(name) ? { attributes: attributes as Record<string, string> } : {}),
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
    if (node && node.children.length === 0 && texts.has(node.name)) node.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(xml).close();
  return { xml, root: root as unknown as Node, prefix: prefixOf('w:', prefixes) };
}

/** Notes the prefixes, with their colons, that an element declares for what is read. */
function declare(prefixes: Map<string, string>, attributes: Readonly<Record<string, string>>): void {
  for (const name in attributes) {
    if (!name.startsWith('xmlns')) continue;
    const ours = namespaces.get(attributes[name] ?? '');
    const theirs = name === 'xmlns' ? '' : `${name.slice(6)}:`;
    if (ours !== undefined && !prefixes.has(theirs)) prefixes.set(theirs, ours);
  }
}

/** The prefix that the part has for one of ours; '' when it has none. */
function prefixOf(ours: string, prefixes: ReadonlyMap<string, string>): string {
  for (const [theirs, known] of prefixes) if (known === ours) return theirs;
  return '';
}

function canonical(tag: string, prefixes: ReadonlyMap<string, string>): string {
  const local = tag.slice(tag.indexOf(':') + 1);
  const ours = prefixes.get(tag.slice(0, tag.length - local.length));
  return ours === undefined ? tag : ours + local;
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
