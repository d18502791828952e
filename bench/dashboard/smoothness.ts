import type { Page } from 'playwright-core';
import { percentile, rounded } from '../figures.ts';

/** How a page was drawn while somebody used it. */
export interface Smoothness {
  /** Frames in that time. */
  readonly frames: number;
  /** From a frame to the next, milliseconds: a display gives 16.7 at best. */
  readonly frame_p50_ms: number;
  readonly frame_p95_ms: number;
  readonly longest_frame_ms: number;
}

/** Notes the time of each frame until `endFrames` is called. */
const beginFrames = `() => {
  const times = [];
  let on = true;
  const note = (time) => { times.push(time); if (on) requestAnimationFrame(note); };
  requestAnimationFrame(note);
  window.endFrames = () => { on = false; return times; };
}`;

/** What is done with the page, for as long as frames are counted. */
export async function smoothnessOf(page: Page, use: () => Promise<void>): Promise<Smoothness> {
  await page.evaluate(`(${beginFrames})()`);
  await use();
  const times = await page.evaluate<readonly number[]>('window.endFrames()');
  const gaps = times.slice(1).map((time, n) => time - (times[n] as number));
  return {
    frames: gaps.length,
    frame_p50_ms: rounded(percentile(gaps, 0.5), 1),
    frame_p95_ms: rounded(percentile(gaps, 0.95), 1),
    longest_frame_ms: rounded(Math.max(...gaps), 1),
  };
}

/** Scrolls what is under the pointer, a little each time as a wheel does. @param by pixels in all; below 0: back. */
export async function wheel(
  page: Page,
  by: { readonly x?: number; readonly y?: number },
  steps: number,
): Promise<void> {
  for (let n = 0; n < steps; n++) await page.mouse.wheel((by.x ?? 0) / steps, (by.y ?? 0) / steps);
}

/** Moves the pointer over an element from its left to its right. */
export async function sweep(page: Page, selector: string, steps: number): Promise<void> {
  const box = await page.locator(selector).first().boundingBox();
  if (!box) throw new Error(`There is no ${selector} on ${page.url()}`);
  for (let n = 0; n <= steps; n++)
    await page.mouse.move(box.x + (box.width * n) / steps, box.y + box.height * (0.3 + (0.4 * (n % 10)) / 10));
}
