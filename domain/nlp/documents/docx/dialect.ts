import { drawingItemsOf } from './drawing-items.ts';
import { type Item, itemsOf } from './items.ts';
import type { Node, Part } from './xml.ts';

/** How a markup language writes paragraphs: WordprocessingML in text, DrawingML in charts, diagrams and shapes. */
export interface Dialect {
  /** The element that stands first in a paragraph, and the one that stands last; neither is text. */
  readonly first: string;
  readonly last: string | null;
  items(part: Part, paragraph: Node, slice: (from: number, to: number) => string): Item[];
  /** What tells two formats apart for a reader: not their languages and spelling marks. */
  lookOf(format: string): string;
  /** A format for a text in another language. */
  inLanguage(format: string, language: string): string;
  /** Attributes of the element of a text that begins or ends with blanks. */
  readonly textAttributes: string;
}

const word: Dialect = {
  first: 'w:pPr',
  last: null,
  items: itemsOf,
  lookOf(format) {
    const look = format.replace(/<[\w-]*:?(?:lang|noProof)\b[^>]*\/>/g, '');
    return /^<[^>]*><\/[^>]*>$/.test(look) ? '' : look;
  },
  inLanguage: (format, language) =>
    format.replace(
      /(<(?:[\w-]+:)?lang\b[^>]*?\s(?:[\w-]+:)?val\s*=\s*")[^"]*"/,
      (_match, before: string) => `${before}${language}"`,
    ),
  textAttributes: ' xml:space="preserve"',
};

const drawing: Dialect = {
  first: 'a:pPr',
  last: 'a:endParaRPr',
  items: drawingItemsOf,
  lookOf(format) {
    const look = format.replace(/\s(?:lang|altLang|noProof|dirty|err|smtClean|bmk)\s*=\s*"[^"]*"/g, '');
    return /^<[^\s>]+\s*(?:\/>|><\/[^>]*>)$/.test(look) ? '' : look;
  },
  inLanguage: (format, language) =>
    format
      .replace(/^(<[^>]*?\slang\s*=\s*")[^"]*"/, (_match, before: string) => `${before}${language}"`)
      .replace(/^(<[^>]*?)\serr\s*=\s*"[^"]*"/, '$1'),
  textAttributes: '',
};

/** That of a paragraph, by its name. */
export function dialectOf({ name }: Node): Dialect {
  return name === 'a:p' ? drawing : word;
}
