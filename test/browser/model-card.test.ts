import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenApi, openApi } from '../api/support.ts';
import { chromiumPath, openBrowser } from '../support/browser.ts';
import { publishTranslation } from '../support/registry.ts';

if (!chromiumPath) console.warn('Skipped: there is no Chromium on this machine (apt-get install chromium).');

describe.skipIf(!chromiumPath)('the model card in a browser', () => {
  let api: OpenApi;
  let browser: Browser;
  let link: string;
  const problems: string[] = [];
  const requests = new Set<string>();

  beforeAll(async () => {
    api = await openApi();
    for (const [i, bleu] of [30, 31.5, 29.9].entries())
      await publishTranslation(api, { runId: `run-${i}`, bleu, weightBytes: 1000 });
    const body = { version: 2, reason: 'better in the field' };
    await api.call('POST', '/v1/models/translation-en-de/aliases/champion', { body });
    const links = await api.call('POST', '/v1/models/translation-en-de/versions/3/card/links');
    await api.app.listen({ host: '127.0.0.1', port: 0 });
    link = `http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}${links.json<{ url: string }>().url}`;
    browser = await openBrowser(chromiumPath ?? '');
  });
  afterAll(async () => {
    await browser?.close();
    await api.close();
  });

  it.each([
    { width: 1200, scheme: 'light' },
    { width: 360, scheme: 'dark' },
  ] as const)('shows state, plot and tables at $width px, $scheme, and nothing beyond the edge', async (options) => {
    const page = await browser.newPage({
      viewport: { width: options.width, height: 800 },
      colorScheme: options.scheme,
    });
    page.on('console', (message) => problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('request', (request) => requests.add(request.url()));
    await page.goto(link);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Translation from en to de, version 3');
    expect(await page.locator('.state').textContent()).toBe('Version 3 serves nowhere. Version 2 is the champion.');
    const plot = page.getByRole('img', { name: 'BLEU' });
    const box = await plot.boundingBox();
    expect(box?.width).toBeGreaterThan(300);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(options.width);
    // Three versions, this one filled, and a dashed line where a champion was.
    expect(await plot.locator('.mark-symbol path').count()).toBe(3);
    expect(await plot.locator('.mark-symbol path[fill="var(--accent)"]').count()).toBe(1);
    expect(await plot.locator('.mark-line path').count()).toBe(1);
    const parameters = page.getByText('seed', { exact: true });
    expect(await parameters.isVisible()).toBe(false);
    await page.getByText('Parameters (2)').click();
    expect(await parameters.isVisible()).toBe(true);
    expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0);
    await page.close();
  });

  it('asks for nothing but itself, and nothing goes wrong', () => {
    expect([...requests]).toEqual([link]);
    expect(problems).toEqual([]);
  });
});
