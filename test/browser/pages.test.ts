import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violations } from '../support/accessibility.ts';
import { hasBrowser, type OpenDashboard, openDashboard } from '../support/dashboard.ts';
import { dashboardPages } from '../support/dashboard-pages.ts';

// SCREENSHOTS=folder keeps pictures of all pages, in all four views; PAGES=name,name looks at these only.
const { SCREENSHOTS: pictures, PAGES: only } = process.env;
const pages = dashboardPages.filter(({ name }) => !only || only.split(',').includes(name));

if (!hasBrowser) console.warn('Skipped: there is no Chromium on this machine (apt-get install chromium).');

describe.skipIf(!hasBrowser)('every page of the dashboard', () => {
  let dashboard: OpenDashboard;
  beforeAll(async () => {
    if (pictures) mkdirSync(pictures, { recursive: true });
    dashboard = await openDashboard();
  });
  afterAll(async () => dashboard?.close());

  describe.each([
    { width: 1440, scheme: 'light' },
    { width: 390, scheme: 'dark' },
    // These two differ from them in nothing that can be checked, but are looked at.
    ...(pictures
      ? ([
          { width: 1440, scheme: 'dark' },
          { width: 390, scheme: 'light' },
        ] as const)
      : []),
  ] as const)('$width wide, $scheme', (view) => {
    it.each(pages)('$name: is accessible, fits, and complains of nothing', async ({ name, path, role }) => {
      const page = await dashboard.open({
        ...view,
        path: typeof path === 'function' ? path(dashboard.month) : path,
        ...(role === undefined ? {} : { role }),
      });
      await page.getByRole('heading', { level: 1 }).waitFor();
      await expect.poll(() => page.locator('[data-loading]').count(), { timeout: 20_000 }).toBe(0);
      await page.waitForLoadState('load');
      if (pictures)
        await page.screenshot({ path: join(pictures, `${name}-${view.width}-${view.scheme}.png`), fullPage: true });
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(
        0,
      );
      expect(dashboard.problems.splice(0)).toEqual([]);
      await page.context().close();
    });
  });
});
