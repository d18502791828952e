const compactFormat = new Intl.NumberFormat('en-GB', { notation: 'compact', maximumFractionDigits: 1 });
const percentFormat = new Intl.NumberFormat('en-GB', { style: 'percent', maximumFractionDigits: 1 });

const byDigits = [0, 1, 2, 3].map((digits) => new Intl.NumberFormat('en-GB', { maximumFractionDigits: digits }));
const [whole] = byDigits as [Intl.NumberFormat];

/** A number with as many digits as are of use: three after the point below 10, one below 1,000, none beyond. */
export function number(value: number): string {
  const size = Math.abs(value);
  const digits = Number.isInteger(value) ? 0 : size < 10 ? 3 : size < 1000 ? 1 : 0;
  return (byDigits[digits] ?? whole).format(value);
}

/** A count with separators. */
export const count = (value: number): string => whole.format(value);
/** `12.3K`, where there is little room. */
export const compact = (value: number): string => compactFormat.format(value);
/** A share (0 to 1) in percent. */
export const percent = (share: number): string => percentFormat.format(share);

/** A size in bytes, in the largest binary unit. */
export function bytes(size: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const exponent = size < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(size) / 10));
  return `${number(Number((size / 2 ** (10 * exponent)).toPrecision(3)))} ${units[exponent]}`;
}

/** `1 run`, `2 runs`; the plural is the word with an s unless given. */
export const plural = (n: number, word: string, words = `${word}s`): string => `${count(n)} ${n === 1 ? word : words}`;

/** `a, b and c`. */
export const list = (words: readonly string[]): string =>
  new Intl.ListFormat('en', { type: 'conjunction' }).format(words);
