import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violations } from '../support/accessibility.ts';
import { hasBrowser, type OpenDashboard, openDashboard } from '../support/dashboard.ts';
import { serveTinyTranslation } from '../support/served-translation.ts';

if (!hasBrowser) console.warn('Skipped: there is no Chromium on this machine (apt-get install chromium).');

describe.skipIf(!hasBrowser)('a translator', () => {
  let dashboard: OpenDashboard;
  let version: number;
  beforeAll(async () => {
    dashboard = await openDashboard();
    const { api } = dashboard;
    version = await serveTinyTranslation(api);
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

  it('corrects a sentence, which counts at once, and takes it back', async () => {
    const page = await dashboard.open({ path: '/translate?from=en&to=de&glossaries=none', role: 'operator' });
    await fill(page, 'The wheel is old.');
    const sentence = sentences(page).filter({ hasText: 'The wheel is old.' }).first();
    await sentence.getByRole('button', { name: /^Correct/ }).click();
    await sentence.getByLabel('Correction').fill('Das Rad ist schon alt.');
    await sentence.getByRole('button', { name: 'Save the correction' }).click();
    await page
      .getByText(/^Corrected: the memory .* has it from now on/)
      .first()
      .waitFor();
    await sentence.getByText('From a memory').waitFor();
    expect(await page.getByRole('region', { name: 'Translation' }).textContent()).toContain('Das Rad ist schon alt.');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('The correction is taken back.').first().waitFor();
    await sentence.getByText('By the model').waitFor();
    await page.context().close();
  });

  it('sees what two versions do differently', async () => {
    const page = await dashboard.open({
      path: `/translate?from=en&to=de&memories=none&glossaries=none&beside=${version + 1}`,
    });
    await fill(page, 'The order was shipped.');
    const [first, second] = [/as served now/, `Translation, version ${version + 1}`].map((name) =>
      page.getByRole('region', { name }),
    );
    await first?.locator('mark').first().waitFor();
    expect(await second?.locator('mark').count()).toBeGreaterThan(0);
    expect(await second?.getByRole('link').textContent()).toBe(`translation-en-de, version ${version + 1}`);
    await page.context().close();
  });

  it('imports a file of terms, and sees which lines were not taken and why', async () => {
    const page = await dashboard.open({ path: '/glossaries/retail?tab=imports', role: 'operator' });
    await page.getByLabel('Choose a file').setInputFiles({
      name: 'terms.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('source,target\ntray,Tablett\n,nichts\nmug,Becher\n'),
    });
    await page.getByText('3 rows: 2 added and 1 faulty and left out. That is version 4.').waitFor();
    const faults = page.getByRole('group', { name: 'Faults' }).getByRole('row');
    expect(await faults.nth(1).textContent()).toBe('3the source term is empty');
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download all 1 fault as a table' }).click(),
    ]);
    expect(readFileSync(await file.path(), 'utf8')).toBe('line\treason\n3\tthe source term is empty\n');
    await page.getByRole('tab', { name: /^Terms/ }).click();
    await page.getByLabel('Find a term').fill('tray');
    const row = page.getByRole('list', { name: 'Terms' }).getByRole('listitem').filter({ hasText: 'tray' });
    await page.getByText('lunch bag').waitFor({ state: 'detached' });
    await row.getByRole('button', { name: 'Edit “tray”' }).click();
    await row.getByLabel('German').fill('Servierbrett');
    await row.getByLabel('Why').fill('agreed');
    await row.getByRole('button', { name: 'Save' }).click();
    await row.getByText('Servierbrett').waitFor();
    await row.getByRole('button', { name: 'Delete “tray”' }).click();
    await page.getByText('No term holds “tray”').waitFor();
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await row.getByText('Servierbrett').waitFor();
    await page.getByRole('tab', { name: /^Versions/ }).click();
    const versions = page.getByRole('group', { name: 'Versions' }).getByRole('row');
    expect(await versions.nth(3).textContent()).toContain('Editedagreedoperator of the test');
    await page.getByRole('button', { name: 'Show what version 5 changed' }).click();
    await page.getByText('0 terms added, 1 changed, 0 removed.').waitFor();
    expect(await page.locator('del, ins').allTextContents()).toEqual(['Tablett', 'Servierbrett']);
    expect(dashboard.problems.splice(0)).toEqual([]);
    await page.context().close();
  });
});
