import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violations } from '../support/accessibility.ts';
import { hasBrowser, type OpenDashboard, openDashboard } from '../support/dashboard.ts';
import { serveTinyTranslation } from '../support/served-translation.ts';

if (!hasBrowser) console.warn('Skipped: there is no Chromium on this machine (apt-get install chromium).');

describe.skipIf(!hasBrowser)('a translator', () => {
  let dashboard: OpenDashboard;
  beforeAll(async () => {
    dashboard = await openDashboard();
    const { api } = dashboard;
    await serveTinyTranslation(api);
    const terms = [
      { source: 'car', target: 'Fahrzeug' },
      { source: 'door', target: 'Pforte' },
    ];
    await api.call('POST', '/v1/glossaries/retail/terms', { body: { terms } });
    const entries = [{ source: 'The door is open.', target: 'Die Tür steht offen.' }];
    await api.call('POST', '/v1/memories/catalogue/entries', { body: { entries } });
  });
  afterAll(async () => dashboard?.close());

  const sentences = (page: Page) => page.getByRole('region', { name: 'Sentence by sentence' }).getByRole('listitem');
  const fill = (page: Page, text: string) => page.getByLabel('Text to translate').fill(text);

  it('sees a term applied and one missed, and what a memory had', async () => {
    const page = await dashboard.open({ path: '/translate?from=en&to=de' });
    await fill(page, 'The red car is old. The door is open.');
    const first = sentences(page).filter({ hasText: 'The red car is old.' }).first();
    await first.getByText('Term applied: car').waitFor();
    expect(await first.locator('mark').allTextContents()).toEqual(['car', 'Fahrzeug']);
    const second = sentences(page).filter({ hasText: 'The door is open.' }).first();
    expect(await second.textContent()).toContain('Die Tür steht offen.');
    expect(await second.getByText('Term missed: door').isVisible()).toBe(true);
    expect(await second.textContent()).toContain('should be “Pforte”');
    expect(await second.getByRole('link', { name: 'Catalogue' }).getAttribute('href')).toMatch(
      /^\/memories\/catalogue/,
    );
    expect(await violations(page)).toEqual([]);
    await page.context().close();
  });
});
