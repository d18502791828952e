import { escapeAttribute } from '../../formats/xml-tree.ts';
import { type Place, plainPlace } from './place.ts';
import type { Node } from './xml.ts';

/** A file's name, which programs give to a picture as its description. */
const fileName = /^\S*\.(?:png|jpe?g|gif|bmp|tiff?|svg|emf|wmf|webp)$/i;

/** What is said in place of pictures, shapes and tables to those who cannot see them. */
export function alternativeTexts(xml: string, node: Node): Place[] {
  if (!node.attributes) return [];
  const places: Place[] = [];
  for (const { name, from, to } of valuesIn(xml, node)) {
    const text = node.attributes[name] ?? '';
    if (!saysWhatIsSeen(node.name, name) || fileName.test(text)) continue;
    const quote = xml[from - 1] === "'" ? (value: string) => value.replaceAll("'", '&#39;') : (value: string) => value;
    const place = plainPlace({ from, to }, text, (value) => quote(escapeAttribute(value)));
    if (place) places.push(place);
  }
  return places;
}

function saysWhatIsSeen(element: string, attribute: string): boolean {
  if (element.startsWith('w:tbl')) return /^(?:[^:]+:)?val$/.test(attribute);
  if (element.startsWith('v:')) return attribute === 'alt';
  return attribute === 'descr' || attribute === 'title';
}

/** Names of the attributes of a start tag, and where their values are, between the quotes. */
function* valuesIn(xml: string, { from: start, inner }: Node): Generator<{ name: string; from: number; to: number }> {
  const tag = xml.slice(start, inner);
  const attribute = /\s+([^\s=/>]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/gy;
  attribute.lastIndex = Math.max(0, tag.search(/\s/));
  for (let found = attribute.exec(tag); found; found = attribute.exec(tag)) {
    const value = found[2] ?? found[3] ?? '';
    const to = start + attribute.lastIndex - 1;
    yield { name: found[1] ?? '', from: to - value.length, to };
  }
}
