/** English endings behind the common beginning of a term and of a form of it in a text: [of the term, of the form]. */
const english = new Set(
  [
    ['', 's'],
    ['', 'es'],
    ['', 'd'],
    ['', 'ed'],
    ['', 'ing'],
    ['y', 'ies'],
    ['y', 'ied'],
    ['e', 'ing'],
    ['f', 'ves'],
    ['fe', 'ves'],
    // A term in the plural stands for its singular too; one in "-ing" or "-ed" not for the verb.
    ['s', ''],
    ['es', ''],
    ['ies', 'y'],
    ['ves', 'f'],
    ['ves', 'fe'],
  ].map((pair) => pair.join('|')),
);

/** Letters that an inflection may add or take away in other languages; "-mente" or "-ungen" are derivations. */
const longestEnding = 4;

/**
 * Whether a word of a text is a form of a word of a term that has the same stem; both in lower case. Stemmers join
 * more than forms ("customer" and "custom", "product" and "production"): English endings are checked one by one, those
 * of other languages by their length.
 */
export function isInflection(term: string, form: string, language: string): boolean {
  if (term === form) return true;
  let n = 0;
  while (n < term.length && term[n] === form[n]) n++;
  if (!/^en\b/.test(language)) {
    return Math.abs(term.length - form.length) <= longestEnding && Math.min(term.length, form.length) >= 3;
  }
  const [x, y] = [term.slice(n), form.slice(n)];
  // "stop", "stopped": the last letter is doubled.
  return english.has(`${x}|${y}`) || (x === '' && n > 0 && y[0] === term[n - 1] && /^.(?:ed|ing)$/.test(y));
}
