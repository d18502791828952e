/** The normal distribution's 97.5 % point. */
const z = 1.959964;

/**
 * 95 % score interval of a share (Wilson 1927): unlike the one by the standard error it stays within 0 and 1, and holds for few
 * trials and for shares near the ends.
 *
 * @param hits of so many trials; without any trial nothing is known: 0 to 1.
 */
export function wilsonInterval(hits: number, trials: number): { readonly lower95: number; readonly upper95: number } {
  if (trials === 0) return { lower95: 0, upper95: 1 };
  const share = hits / trials;
  const scale = 1 + z ** 2 / trials;
  const centre = (share + z ** 2 / (2 * trials)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / trials + z ** 2 / (4 * trials ** 2));
  return {
    lower95: hits === 0 ? 0 : centre - half,
    upper95: hits === trials ? 1 : centre + half,
  };
}
