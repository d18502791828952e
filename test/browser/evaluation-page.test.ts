import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluationPage } from '../../pipelines/offers/evaluation-page/index.ts';
import { type OpenApi, openApi } from '../api/support.ts';
import { chromiumPath, type Viewed, viewPage } from '../support/browser.ts';
import { evaluationContent } from '../unit/offers/evaluation-content.ts';

if (!chromiumPath) console.warn('Skipped: there is no Chromium on this machine (apt-get install chromium).');

describe.skipIf(!chromiumPath)('the evaluation page in a browser', () => {
  let api: OpenApi;
  let viewed: Viewed;

  beforeAll(async () => {
    api = await openApi();
    const body = { pipeline: 'offers', params: {} };
    const { id } = (await api.call('POST', '/v1/runs', { body })).json<{ id: string }>();
    const ref = await api.artifacts.putBytes(new TextEncoder().encode(await evaluationPage(evaluationContent())));
    await api.database.runs.apply(id, [
      { kind: 'step', stepId: 'evaluation-report', mapKey: '', status: 'succeeded', output: { page: { ...ref } } },
    ]);
    const { url } = (await api.call('POST', `/v1/runs/${id}/report/links`)).json<{ url: string }>();
    viewed = await viewPage(api, url);
  });
  afterAll(async () => {
    await viewed?.close();
    await api.close();
  });

  it.each([
    { width: 1200, scheme: 'light' },
    { width: 1200, scheme: 'dark' },
    { width: 360, scheme: 'light' },
    { width: 360, scheme: 'dark' },
  ] as const)('shows heading, plots and tables at $width px, $scheme, and nothing beyond the edge', async (options) => {
    const page = await viewed.open(options);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Offers of 2026-07-01: evaluation');
    expect(await page.getByRole('heading', { level: 2 }).allTextContents()).toEqual([
      'How well lists are ordered',
      'Whether probabilities are right',
      'Lift by tenth of probability',
      'Lift by market',
      'Expected and realised revenue',
      'Chosen offers',
    ]);
    const plots = page.getByRole('img');
    expect(await plots.count()).toBe(7);
    for (const plot of await plots.all()) {
      const box = await plot.boundingBox();
      expect(box?.width).toBeGreaterThan(300);
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(options.width);
    }
    // The page's policy lets its style through: a dark page is dark, and marks have the accent of it.
    const [background, mark] = await page.evaluate(() => {
      // @ts-expect-error: runs in the page.
      const colour = (selector: string, of: string) => getComputedStyle(document.querySelector(selector))[of] as string;
      return [colour('body', 'backgroundColor'), colour('svg .mark-symbol path[fill="var(--accent)"]', 'fill')];
    });
    expect(background).toBe(options.scheme === 'dark' ? 'rgb(21, 24, 28)' : 'rgb(255, 255, 255)');
    expect(mark).toBe(options.scheme === 'dark' ? 'rgb(120, 174, 245)' : 'rgb(26, 95, 180)');
    expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0);
    await page.close();
  });

  it('opens the figures behind a plot by the keyboard, and all of them on paper', async () => {
    const page = await viewed.open({ width: 1000, scheme: 'light' });
    const table = page.locator('figure').first().getByRole('table');
    expect(await table.isVisible()).toBe(false);
    await page.locator('summary').first().focus();
    await page.keyboard.press('Enter');
    expect(await table.isVisible()).toBe(true);
    expect((await table.getByRole('rowheader').allTextContents()).sort()).toEqual(['DE & <b>AT</b>', 'FR']);
    await page.emulateMedia({ media: 'print' });
    for (const figure of await page.locator('figure').all())
      expect(await figure.getByRole('table').isVisible()).toBe(true);
    await page.close();
  });

  it('asks for nothing but itself, and nothing goes wrong', () => {
    expect([...viewed.requests]).toEqual([viewed.link]);
    expect(viewed.problems).toEqual([]);
  });
});
