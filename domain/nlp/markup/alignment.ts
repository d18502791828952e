import { words } from '../text/index.ts';

/**
 * Where parts belong by word links, for {@link restore}: a part before the words it marks goes to the first target word
 * linked to the next linked source word, one behind them to the end of the last target word linked to the word before.
 *
 * @param links between the words and symbols ({@link words}) of the source and the translation as given, placeholders
 * counted as symbols.
 */
export function wordAlignment(
  source: string,
  translation: string,
  links: readonly (readonly [source: number, target: number])[],
): (sourceOffset: number, side: 'start' | 'end') => number {
  const [from, to] = [words(source), words(translation)];
  const linked: number[][] = from.map(() => []);
  for (const [i, j] of links) if (from[i]?.kind === 'word' && to[j]?.kind === 'word') linked[i]?.push(j);
  return (offset, side) => {
    if (side === 'start') {
      for (const [i, word] of from.entries()) {
        if (word.start >= offset && linked[i]?.length) return to[Math.min(...linked[i])]?.start ?? 0;
      }
      return translation.length;
    }
    for (let i = from.length - 1; i >= 0; i--) {
      if ((from[i]?.end ?? 0) <= offset && linked[i]?.length) return to[Math.max(...(linked[i] as number[]))]?.end ?? 0;
    }
    return 0;
  };
}
