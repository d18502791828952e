import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DocumentRecord } from '../../contracts/documents.ts';
import { violations } from '../support/accessibility.ts';
import { hasBrowser, type OpenDashboard, openDashboard } from '../support/dashboard.ts';
import { translateAs } from '../support/document-worker.ts';
import { serveTinyTranslation } from '../support/served-translation.ts';

if (!hasBrowser) console.warn('Skipped: there is no Chromium on this machine (apt-get install chromium).');

describe.skipIf(!hasBrowser)('somebody with a document', () => {
  let dashboard: OpenDashboard;
  let version: number;
  beforeAll(async () => {
    dashboard = await openDashboard();
    version = await serveTinyTranslation(dashboard.api);
    const terms = [{ source: 'car', target: 'Fahrzeug' }];
    await dashboard.api.call('POST', '/v1/glossaries/retail/terms', { body: { terms } });
  });
  afterAll(async () => dashboard?.close());

  const open = (path = '/documents', role: 'viewer' | 'operator' = 'operator') => dashboard.open({ path, role });
  const newest = async (): Promise<DocumentRecord> => {
    const { api } = dashboard;
    const answer = await api.call('GET', '/v1/documents?limit=1', { key: api.keys.operator });
    return answer.json<{ documents: DocumentRecord[] }>().documents[0] as DocumentRecord;
  };

  it('sends it, sees how far it is and what became of it, and downloads the translation', async () => {
    const page = await open();
    await page.getByText(/^No document yet: send one/).waitFor();
    await page.getByRole('combobox', { name: 'From' }).selectOption('en');
    await page.getByLabel('Choose files').setInputFiles({
      name: 'manual.html',
      mimeType: 'text/html',
      buffer: Buffer.from('<h1>The red car is old.</h1><p class="a">The <b>red</b> car is old.</p>'),
    });
    await page
      .getByText(/^1 document sent/)
      .first()
      .waitFor();
    const row = page.getByRole('group', { name: 'Documents' }).getByRole('row').filter({ hasText: 'manual.html' });
    await row.getByText('Queued').waitFor();
    await page.getByText('1 document: 1 under way.').waitFor();
    expect(await row.getByRole('link', { name: 'Download' }).count()).toBe(0);

    const sent = await newest();
    expect(sent).toMatchObject({ source: 'en', target: 'de', options: { glossaries: ['retail'] } });
    await translateAs(dashboard.api, sent);
    // It is told that the document is done; nobody reloads the page.
    await row.getByText('Done').waitFor();
    await page.getByText('1 document: 1 done.').waitFor();

    const [file] = await Promise.all([
      page.waitForEvent('download'),
      row.getByRole('link', { name: 'Download manual.html' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('manual.de.html');
    expect(readFileSync(await file.path(), 'utf8')).toBe(
      '<h1>Das rot Fahrzeug ist alt.</h1><p class="a">Das <b>rot</b> Fahrzeug ist alt.</p>',
    );

    await row.getByRole('link', { name: 'manual.html', exact: true }).click();
    const detail = page.getByRole('dialog', { name: 'manual.html' });
    await detail.getByText(`translation-en-de, version ${version}`).waitFor();
    expect(await detail.textContent()).toContain('2 terms were applied');
    expect(await violations(page)).toEqual([]);
    expect(dashboard.problems.splice(0)).toEqual([]);
    await page.context().close();
  });

  it('is told why one cannot be translated, and removes it for good', async () => {
    const page = await open();
    await page.getByRole('combobox', { name: 'From' }).selectOption('en');
    await page.getByLabel('Choose files').setInputFiles({
      name: 'broken.docx',
      mimeType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      buffer: Buffer.from('no archive at all'),
    });
    const row = page.getByRole('group', { name: 'Documents' }).getByRole('row').filter({ hasText: 'broken.docx' });
    await row.getByText('Queued').waitFor();
    await translateAs(dashboard.api, await newest());
    await row.getByText('Failed').waitFor();
    await row.getByRole('link', { name: 'broken.docx', exact: true }).click();
    const detail = page.getByRole('dialog', { name: 'broken.docx' });
    expect(await detail.getByRole('alert').textContent()).toMatch(/broken\.docx|archive|ZIP/i);
    await detail.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('button', { name: 'Remove it' }).click();
    await page.getByText('broken.docx is removed.').first().waitFor();
    await page.getByText('1 document: 1 done.').waitFor();
    expect(await row.count()).toBe(0);
    expect((await newest()).name).toBe('manual.html');
    await page.context().close();
  });

  it('who may only look sends nothing', async () => {
    const page = await open('/documents', 'viewer');
    await page.getByText(/^No document yet: send one/).waitFor();
    expect(await page.getByLabel('Choose files').count()).toBe(0);
    await page.context().close();
  });
});
