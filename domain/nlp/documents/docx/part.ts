import type { Masked } from '../../markup/index.ts';
import { decodeText } from '../encoding.ts';
import { alternativeTexts } from './alternative-text.ts';
import { chartTexts } from './charts.ts';
import { readParagraph } from './paragraph.ts';
import type { Place } from './place.ts';
import { type Node, parsePart } from './xml.ts';

/** A part of a document with the texts in it. */
export interface TextPart {
  readonly name: string;
  readonly segments: readonly Masked[];
  write(translations: readonly string[]): Uint8Array;
}

/**
 * Reads the texts of a part: paragraphs, strings of charts, alternative texts.
 *
 * @param language what translated texts say of their language, where they say one.
 * @throws SOURCE_INVALID, see {@link parsePart}.
 */
export function readPart(name: string, bytes: Uint8Array, language: string): TextPart {
  const decoded = decodeText(bytes);
  const part = parsePart(name, decoded.text);
  /** In the order of the text; those in a text box stand within the paragraph that holds it. */
  const places: Place[] = [];
  let written: (place: Place) => string = () => '';
  const slice = (from: number, to: number): string => {
    let out = '';
    let at = from;
    for (let i = firstFrom(places, from); i < places.length; i++) {
      const place = places[i] as Place;
      if (place.from >= to) break;
      if (place.from < at || place.to > to) continue;
      out += part.xml.slice(at, place.from) + written(place);
      at = place.to;
    }
    return out + part.xml.slice(at, to);
  };
  const visit = (node: Node): void => {
    if (node.name === 'w:p' || node.name === 'a:p') {
      const paragraph = readParagraph(part, node, slice, language);
      if (paragraph) places.push(paragraph);
    }
    places.push(...alternativeTexts(part.xml, node), ...chartTexts(node));
    for (const child of node.children) visit(child);
  };
  visit(part.root);
  return {
    name,
    segments: places.flatMap(({ segments }) => segments),
    write(translations) {
      const own = new Map<Place, readonly string[]>();
      let at = 0;
      for (const place of places) {
        own.set(place, translations.slice(at, at + place.segments.length));
        at += place.segments.length;
      }
      written = (place) => place.write(own.get(place) ?? []);
      return decoded.encode(slice(0, part.xml.length)).bytes;
    },
  };
}

/** The first that begins at an offset or behind it. */
function firstFrom(places: readonly Place[], offset: number): number {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] as Place).from < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
