import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { openChromium } from '../../bench/dashboard/chromium.ts';
import type { OpenApi } from '../api/support.ts';

export { chromiumPath } from '../../bench/dashboard/chromium.ts';

/** A page of an API, opened again and again in a browser. */
export interface Viewed {
  readonly link: string;
  /** What was asked for, and what went wrong, in all of them together. */
  readonly requests: ReadonlySet<string>;
  readonly problems: readonly string[];
  open(options: { readonly width: number; readonly scheme: 'light' | 'dark' }): Promise<Page>;
  close(): Promise<void>;
}

/** @param url of the page, from the API's root on. */
export async function viewPage({ app }: Pick<OpenApi, 'app'>, url: string): Promise<Viewed> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  const link = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}${url}`;
  const browser = await openChromium();
  const requests = new Set<string>();
  const problems: string[] = [];
  return {
    link,
    requests,
    problems,
    async open({ width, scheme }) {
      const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme: scheme });
      page.on('console', (message) => problems.push(message.text()));
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('request', (request) => requests.add(request.url()));
      await page.goto(link);
      return page;
    },
    close: () => browser.close(),
  };
}
