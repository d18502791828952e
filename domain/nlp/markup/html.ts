import {
  type DefaultTreeAdapterMap,
  defaultTreeAdapter,
  parse,
  parseFragment,
  serialize,
  serializeOuter,
} from 'parse5';
import { PerennialError } from '../../../contracts/errors.ts';
import { type Masked, mask, maskPieces, type Piece } from './mask.ts';
import { scan } from './scan.ts';

type Node = DefaultTreeAdapterMap['childNode'];
type Parent = DefaultTreeAdapterMap['parentNode'];
type Element = DefaultTreeAdapterMap['element'];

/** Elements that belong to the sentence around them. All others break it. */
const inline = new Set(
  'a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd label mark q rp rt ruby s samp small span strike strong sub sup svg math time tt u var wbr'.split(
    ' ',
  ),
);
/** Elements whose content nobody translates. */
const opaque = new Set(
  'code kbd samp var script style svg math pre textarea template noscript iframe object canvas audio video'.split(' '),
);
/** Elements that the parser opens again where they were not closed. */
const formattingElements = new Set('a b big code em font i nobr s small strike strong tt u'.split(' '));
const voids = new Set('br img wbr'.split(' '));
/** Descriptions of a page that people read in search results and previews. */
const descriptions = new Set(
  'description og:title og:description og:site_name twitter:title twitter:description'.split(' '),
);
/** Deeper nesting is no document but an attack on whoever walks through it. */
const deepest = 500;

export interface HtmlOptions {
  /** Attributes to be translated; default `alt`, `title`, `placeholder`, `aria-label`. */
  readonly attributes?: readonly string[];
}

/** What is to be translated in an HTML text, and the way back. */
export interface HtmlText {
  /** In the order of the text: the content of blocks with its inline tags masked, and attributes. */
  readonly segments: readonly Masked[];
  /** The HTML with a restored translation ({@link restore}) for each segment. */
  render(restored: readonly string[]): string;
}

/**
 * Splits HTML, a document or a fragment, into segments by its block elements (parse5, the WHATWG algorithm, so that
 * any text is HTML). Content of `code`, `pre`, scripts and what is marked `translate="no"` or `notranslate` stays.
 *
 * @throws SOURCE_INVALID when elements are nested deeper than 500, or so many stay open that the tree would grow out of
 * proportion.
 */
export function segmentHtml(html: string, options: HtmlOptions = {}): HtmlText {
  checkTags(html);
  const { segments } = new Segmentation(html, options);
  return {
    segments,
    render(restored) {
      // A tree of its own, so that rendering again gives the same.
      const fresh = new Segmentation(html, options);
      for (const put of fresh.puts) put(restored);
      return serialize(fresh.root);
    },
  };
}

class Segmentation {
  readonly segments: Masked[] = [];
  /** Put the translations into the tree. */
  readonly puts: ((restored: readonly string[]) => void)[] = [];
  readonly root: Parent;
  readonly #attributes: readonly string[];
  readonly #blocks = new WeakSet<object>();

  constructor(html: string, options: HtmlOptions) {
    this.#attributes = options.attributes ?? ['alt', 'title', 'placeholder', 'aria-label'];
    const whole = /^\s{0,64}(?:<!doctype|<html|<head|<body)/i.test(html);
    this.root = whole ? parse(html) : parseFragment(html);
    markBlocks(this.root, 0, this.#blocks);
    this.#walk(this.root);
  }

  /** Attributes of an element that hold text: their places in its list. */
  #texts(element: Element): { name: string; value: string }[] {
    const get = (name: string) => element.attrs.find((one) => one.name === name)?.value.toLowerCase() ?? '';
    const names = [...this.#attributes];
    if (element.tagName === 'meta' && descriptions.has(get('name') || get('property'))) names.push('content');
    if (element.tagName === 'input' && ['submit', 'button', 'reset'].includes(get('type'))) names.push('value');
    return element.attrs.filter(({ name, value }) => names.includes(name) && /\p{L}/u.test(value));
  }

  #add(masked: Masked): number {
    return this.segments.push(masked) - 1;
  }

  #walk(parent: Parent): void {
    const children = [...parent.childNodes];
    for (let from = 0; from < children.length; ) {
      const child = children[from] as Node;
      if (isElement(child) && this.#blocks.has(child)) {
        for (const attribute of this.#texts(child)) {
          const segment = this.#add(mask(attribute.value, { tags: false }));
          this.puts.push((restored) => {
            attribute.value = restored[segment] ?? attribute.value;
          });
        }
        if (!isOpaque(child)) this.#walk(child);
        from++;
        continue;
      }
      let to = from;
      while (to < children.length && !this.#blocks.has(children[to] as Node)) to++;
      this.#run(parent, children.slice(from, to));
      from = to;
    }
  }

  /** Inline content between two borders of blocks. */
  #run(parent: Parent, nodes: readonly Node[]): void {
    const pieces: Piece[] = [];
    const attributes = new Map<string, number>();
    for (const node of nodes) this.#collect(node, pieces, attributes);
    const text = pieces.some((piece) => 'text' in piece && /[\p{L}\p{N}]/u.test(piece.text));
    if (!text && attributes.size === 0) return;
    const segment = text ? this.#add(maskPieces(pieces, true)) : -1;
    this.puts.push((restored) => {
      const content = text ? restored[segment] : nodes.map((node) => serializeOuter(node)).join('');
      if (content === undefined) return;
      const fragment = parseFragment(content);
      translateAttributes(fragment, attributes, restored);
      for (const node of [...fragment.childNodes]) defaultTreeAdapter.insertBefore(parent, node, nodes[0] as Node);
      for (const node of nodes) defaultTreeAdapter.detachNode(node);
    });
  }

  #collect(node: Node, pieces: Piece[], attributes: Map<string, number>): void {
    if (defaultTreeAdapter.isTextNode(node)) {
      maskText(node.value.replace(/[ \t\n\r\f]+/g, ' '), pieces);
      return;
    }
    if (!isElement(node)) {
      pieces.push({ content: serializeOuter(node), kind: 'single' });
      return;
    }
    if (isOpaque(node)) {
      pieces.push({ content: serializeOuter(node), kind: 'value' });
      return;
    }
    for (const { name, value } of this.#texts(node)) {
      const key = `${name}=${value}`;
      if (!attributes.has(key)) attributes.set(key, this.#add(mask(value, { tags: false })));
    }
    const shallow = serializeOuter(defaultTreeAdapter.createElement(node.tagName, node.namespaceURI, node.attrs));
    const close = `</${node.tagName}>`;
    if (voids.has(node.tagName)) {
      pieces.push({ content: shallow, kind: 'single' });
      return;
    }
    pieces.push({ content: shallow.slice(0, -close.length), kind: 'open', name: node.tagName });
    for (const child of node.childNodes) this.#collect(child, pieces, attributes);
    pieces.push({ content: close, kind: 'close', name: node.tagName });
  }
}

/** Gives the attributes of inline elements their translations; `segments` tells where those of `name=value` stand. */
function translateAttributes(parent: Parent, segments: ReadonlyMap<string, number>, restored: readonly string[]): void {
  if (segments.size === 0) return;
  for (const node of parent.childNodes) {
    if (!isElement(node)) continue;
    for (const attribute of node.attrs) {
      const segment = segments.get(`${attribute.name}=${attribute.value}`);
      if (segment !== undefined) attribute.value = restored[segment] ?? attribute.value;
    }
    translateAttributes(node, segments, restored);
  }
}

/** Variables and addresses in a text node are parts too. */
function maskText(text: string, pieces: Piece[]): void {
  let at = 0;
  for (const found of scan(text, { tags: false })) {
    if (found.start > at) pieces.push({ text: text.slice(at, found.start) });
    pieces.push({ content: text.slice(found.start, found.end), kind: 'value', escape: true });
    at = found.end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
}

function isElement(node: Node): node is Element {
  return defaultTreeAdapter.isElementNode(node);
}

function isOpaque(element: Element): boolean {
  if (opaque.has(element.tagName)) return true;
  return element.attrs.some(
    ({ name, value }) =>
      (name === 'translate' && value.toLowerCase() === 'no') ||
      (name === 'class' && value.split(/\s+/).includes('notranslate')),
  );
}

function tooDeep(): PerennialError {
  return new PerennialError(
    'SOURCE_INVALID',
    `The HTML has elements nested deeper than ${deepest}, or very many open`,
    {
      remedy: 'Give a document whose elements are closed.',
    },
  );
}

/**
 * Refuses what makes a parser work or its tree grow out of proportion: very many open elements, and open formatting
 * elements that the algorithm opens again in every element that follows.
 */
function checkTags(html: string): void {
  let open = 0;
  let again = 0;
  const formats = new Map<string, number>();
  let formatting = 0;
  for (const { kind, name } of scan(html, { variables: false, addresses: false })) {
    if (name === undefined) continue;
    const lower = name.toLowerCase();
    const change = kind === 'open' ? 1 : kind === 'close' ? -1 : 0;
    open += change;
    const known = formats.get(lower) ?? 0;
    if (formattingElements.has(lower) && known + change >= 0) {
      formats.set(lower, known + change);
      formatting += change;
    } else if (change > 0) again += formatting;
    if (open > 20 * deepest || again > 200_000) throw tooDeep();
  }
}

/** Marks the elements that break a sentence: those that are no inline elements, and those with such ones in them. */
function markBlocks(parent: Parent, depth: number, blocks: WeakSet<object>): boolean {
  if (depth > deepest) throw tooDeep();
  let any = false;
  for (const node of parent.childNodes) {
    if (!isElement(node)) continue;
    const within = markBlocks(node, depth + 1, blocks);
    if (within || !inline.has(node.tagName)) {
      blocks.add(node);
      any = true;
    }
  }
  return any;
}
