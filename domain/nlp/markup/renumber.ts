import { placeholder, placeholderAt, placeholdersOf } from '../text/index.ts';

/**
 * A part of a masked text (a sentence of it) with its placeholders numbered from 0 in order, as a model has learnt
 * them, and the way back for its translation. A placeholder that the part did not have is dropped on the way back.
 */
export function renumber(text: string): { text: string; undo: (translation: string) => string } {
  const order = [...new Set(placeholdersOf(text))];
  const index = new Map(order.map((part, i) => [part, i]));
  const exchange = (given: string, to: (part: number) => number | undefined) => {
    let out = '';
    for (let at = 0; at < given.length; at++) {
      const part = placeholderAt(given, at);
      const other = part < 0 ? undefined : to(part);
      if (part < 0) out += given[at];
      else if (other !== undefined) out += placeholder(other);
    }
    return out;
  };
  return {
    text: exchange(text, (part) => index.get(part)),
    undo: (translation) => exchange(translation, (i) => order[i]),
  };
}
