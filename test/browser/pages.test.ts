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

const views = [
  { width: 1440, scheme: 'light', isChecked: true },
  { width: 390, scheme: 'dark', isChecked: true },
  ...(pictures
    ? ([
        { width: 1440, scheme: 'dark', isChecked: false },
        { width: 390, scheme: 'light', isChecked: false },
      ] as const)
    : []),
] as const;

describe.skipIf(!hasBrowser)('every page of the dashboard', () => {
  let dashboard: OpenDashboard;
  beforeAll(async () => {
    if (pictures) mkdirSync(pictures, { recursive: true });
    dashboard = await openDashboard();
  });
  afterAll(async () => dashboard?.close());

  // One page in two views tells of both widths and both schemes; the other two are looked at, and differ in nothing to check.
  it.each(pages)('$name: is accessible, fits, and complains of nothing', async ({ name, path, role }) => {
    const where = typeof path === 'function' ? path(dashboard.month) : path;
    const page = await dashboard.open({ path: where, ...(role === undefined ? {} : { role }) });
    await page.getByRole('heading', { level: 1 }).waitFor();
    await expect.poll(() => page.locator('[data-loading]').count(), { timeout: 20_000 }).toBe(0);
    for (const { width, scheme, isChecked } of views) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 900 });
      if (pictures) await page.screenshot({ path: join(pictures, `${name}-${width}-${scheme}.png`), fullPage: true });
      if (!isChecked) continue;
      expect(await violations(page), `${width} wide, ${scheme}`).toEqual([]);
      const beyond = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      expect(await page.evaluate(beyond), `pixels beyond the edge, ${width} wide`).toBe(0);
    }
    expect(dashboard.problems.splice(0)).toEqual([]);
    await page.context().close();
  });
});
