import { type RefObject, useLayoutEffect, useState } from 'react';

/** Frames that are wider scroll instead: there is room for the columns that matter. */
const widest = 640;

/**
 * Whether the rows of a table stand as cards, because its columns do not fit into a narrow frame. It is measured as the table
 * is drawn and as the frame changes, so a small table stays one on a phone.
 */
export function useCards(frame: RefObject<HTMLElement | null>): boolean {
  const [width, setWidth] = useState(0);
  /** What the columns need, pixels; known once they did not fit. */
  const [need, setNeed] = useState(0);
  const areCards = width > 0 && width <= widest && width < need;
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const measure = (): void => setWidth(element.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame]);
  // After every drawing: new rows may need more room than those before. Where the frame is wide nobody asks, and measuring
  // would lay out the page once more for each drawing of each table.
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element || areCards || width > widest) return;
    if (element.scrollWidth > element.clientWidth + 1) setNeed(element.scrollWidth);
  });
  return areCards;
}
