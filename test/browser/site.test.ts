import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenApi, openApi } from '../api/support.ts';
import { root } from '../docs/pages.ts';
import { violations } from '../support/accessibility.ts';
import { chromiumPath, type Viewed, viewPage } from '../support/browser.ts';

const site = join(root, 'dist', 'site');
const canRun = chromiumPath !== null && existsSync(join(site, 'index.html'));
if (!canRun) console.warn('Skipped: Chromium (apt-get install chromium) or the built site (npm run docs) is missing.');

describe.skipIf(!canRun)('the documentation in a browser', () => {
  let api: OpenApi;
  let viewed: Viewed;

  beforeAll(async () => {
    api = await openApi({ site });
    viewed = await viewPage(api, '/documentation/explanation/architecture.html');
  });
  afterAll(async () => {
    await viewed?.close();
    await api.close();
  });

  it.each([
    { width: 1440, scheme: 'light' },
    { width: 1440, scheme: 'dark' },
    { width: 390, scheme: 'light' },
    { width: 390, scheme: 'dark' },
  ] as const)('shows a page with its drawing at $width px, $scheme, and nothing beyond the edge', async (options) => {
    const page = await viewed.open(options);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('Architecture');
    expect(await page.evaluate("document.querySelector('.vp-doc img').naturalWidth")).toBeGreaterThan(500);
    expect(await page.evaluate("document.documentElement.classList.contains('dark')")).toBe(options.scheme === 'dark');
    expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0);
    await page.close();
  });

  it.each([
    ['', 1440, 'light'],
    ['tutorial/own-pipeline.html', 1440, 'light'],
    ['tutorial/own-pipeline.html', 390, 'dark'],
    ['how-to/schedules.html', 390, 'dark'],
    ['explanation/architecture.html', 390, 'light'],
    ['reference/errors.html', 1440, 'dark'],
  ] as const)('is accessible: /documentation/%s at %i px, %s', async (path, width, scheme) => {
    const page = await viewed.open({ width, scheme });
    await page.goto(new URL(`/documentation/${path}`, viewed.link).href);
    await page.getByRole('main').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.close();
  });

  it('finds a word in all pages, and leads there', async () => {
    const page = await viewed.open({ width: 1440, scheme: 'light' });
    // The page takes keys when its script has started.
    await page.locator('#VPContent').click();
    await page.keyboard.press('Control+k');
    await page.getByRole('searchbox').or(page.locator('#localsearch-input')).first().fill('quarantine');
    await page.locator('#localsearch-list a', { hasText: 'Bring your own sales in' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Bring your own sales in' }).waitFor();
    await page.close();
  });

  it('asks nobody else for anything, and nothing goes wrong', () => {
    const { origin } = new URL(viewed.link);
    expect(
      [...viewed.requests].filter((url) => !url.startsWith(`${origin}/documentation/`) && !url.startsWith('data:')),
    ).toEqual([]);
    expect(viewed.problems).toEqual([]);
  });
});
