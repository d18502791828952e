import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';

/** A page, opened as by somebody who was never here before. */
export interface PageTimes {
  /** Until something of it was drawn, milliseconds from the click. */
  readonly frame_ms: number;
  /** Until all of what it shows stood there. */
  readonly content_ms: number;
  /** Until, besides, no task held the thread for longer than 50 ms: from here on the page answers at once. */
  readonly interactive_ms: number;
  /** What came over the network, compressed, kB. */
  readonly kilobytes: number;
}

export interface OpenedPage extends PageTimes {
  readonly page: Page;
  close(): Promise<void>;
}

export interface PageToOpen {
  readonly url: string;
  /** What must be seen. */
  readonly ready: string;
  /** What must not be there any more: the marks of what is being fetched. */
  readonly loading?: string;
  /** Makes the browser known to the server first. */
  readonly signIn?: (context: BrowserContext) => Promise<void>;
}

/** How long nothing may happen before a page counts as quiet, milliseconds; the time itself does not count. */
const quietMs = 500;

/** Collects tasks that held the thread for more than 50 ms, from the first script on. */
const watchTasks = `
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) window.longTasks.push({ startTime, duration });
  }).observe({ type: 'longtask', buffered: true });
`;

/** Longest that a page may take, milliseconds. */
const patienceMs = 30_000;

/** Resolves with the time at which all that is awaited stood there; null: it did not come. */
const contentAt = `({ ready, loading, patienceMs }) => new Promise((resolve) => {
  const isThere = () => document.querySelector(ready) && !(loading && document.querySelector(loading));
  const look = () => {
    if (isThere()) resolve(performance.now());
    else if (performance.now() > patienceMs) resolve(null);
    else requestAnimationFrame(look);
  };
  look();
})`;

/** Opens a page in a context of its own, without anything stored by one before. The caller closes it. */
export async function openTimed(browser: Browser, { url, ready, loading, signIn }: PageToOpen): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await signIn?.(context);
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  const received = await countBytes(session);
  await page.addInitScript(watchTasks);
  await page.goto(url, { waitUntil: 'commit' });
  const awaited = JSON.stringify({ ready, loading, patienceMs });
  const content = await page.evaluate<number | null>(`(${contentAt})(${awaited})`);
  if (content === null) throw new Error(`${url} did not show ${ready} within ${patienceMs / 1000} s`);
  await page.waitForTimeout(quietMs);
  const { frame, busy } = await page.evaluate<{ frame: number; busy: number }>(`({
    frame: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
    busy: Math.max(0, ...window.longTasks.map(({ startTime, duration }) => startTime + duration)),
  })`);
  return {
    page,
    frame_ms: Math.round(frame),
    content_ms: Math.round(content),
    interactive_ms: Math.round(Math.max(content, busy)),
    kilobytes: Math.round(received() / 1000),
    close: () => context.close(),
  };
}

/** Counts what comes over the network, headers included. */
async function countBytes(session: CDPSession): Promise<() => number> {
  let bytes = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await session.send('Network.enable');
  return () => bytes;
}
