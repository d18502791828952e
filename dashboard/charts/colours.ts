/** Colours of series: not those of status, told apart by colour-blind eyes, and each with a dash of its own. */
export const seriesColours = [
  { name: '--series-1', dash: [] },
  { name: '--series-2', dash: [6, 3] },
  { name: '--series-3', dash: [2, 3] },
  { name: '--series-4', dash: [8, 3, 2, 3] },
] as const;

/** What a colour of the tokens is now, for a canvas, which knows neither variables nor `light-dark()`. */
export function resolveColour(name: string, element: HTMLElement): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
