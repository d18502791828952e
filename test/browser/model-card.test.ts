import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenApi, openApi } from '../api/support.ts';
import { chromiumPath, type Viewed, viewPage } from '../support/browser.ts';
import { publishTranslation } from '../support/registry.ts';

if (!chromiumPath) console.warn('Skipped: there is no Chromium on this machine (apt-get install chromium).');

describe.skipIf(!chromiumPath)('the model card in a browser', () => {
  let api: OpenApi;
  let viewed: Viewed;

  beforeAll(async () => {
    api = await openApi();
    for (const [i, bleu] of [30, 31.5, 29.9].entries())
      await publishTranslation(api, { runId: `run-${i}`, bleu, weightBytes: 1000 });
    const body = { version: 2, reason: 'better in the field' };
    await api.call('POST', '/v1/models/translation-en-de/aliases/champion', { body });
    const links = await api.call('POST', '/v1/models/translation-en-de/versions/3/card/links');
    viewed = await viewPage(api, links.json<{ url: string }>().url);
  });
  afterAll(async () => {
    await viewed?.close();
    await api.close();
  });

  it.each([
    { width: 1200, scheme: 'light' },
    { width: 360, scheme: 'dark' },
  ] as const)('shows state, plot and tables at $width px, $scheme, and nothing beyond the edge', async (options) => {
    const page = await viewed.open(options);
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
    expect([...viewed.requests]).toEqual([viewed.link]);
    expect(viewed.problems).toEqual([]);
  });
});
