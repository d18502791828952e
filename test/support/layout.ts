import type { Locator } from 'playwright-core';

/** How many pixels what is in a box is wider than the box. */
export const pixelsBeyond = (box: Locator): Promise<number> =>
  box.evaluate((element) => {
    const { scrollWidth, clientWidth } = element as unknown as { scrollWidth: number; clientWidth: number };
    return scrollWidth - clientWidth;
  });

/** What the style sheet puts before an element, as it writes it; `none` for nothing. */
export const writtenBefore = (element: Locator): Promise<string> =>
  element.evaluate((found) => {
    type Styles = { getComputedStyle(element: unknown, part: string): { content: string } };
    return (globalThis as unknown as Styles).getComputedStyle(found, '::before').content;
  });
