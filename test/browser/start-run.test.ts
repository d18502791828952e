import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violations } from '../support/accessibility.ts';
import { hasBrowser, type OpenDashboard, openDashboard } from '../support/dashboard.ts';
import { pixelsBeyond } from '../support/layout.ts';

describe.skipIf(!hasBrowser)('the form that starts a run', () => {
  let dashboard: OpenDashboard;
  beforeAll(async () => {
    dashboard = await openDashboard();
  });
  afterAll(async () => dashboard?.close());

  it.each([
    { width: 1440, scheme: 'light' },
    { width: 390, scheme: 'dark' },
  ] as const)('is accessible while it is open, $width wide, $scheme', async (view) => {
    const page = await dashboard.open({ path: '/runs?start=offers', role: 'operator', ...view });
    const dialog = page.getByRole('dialog', { name: 'Start a run' });
    await dialog.getByRole('button', { name: 'Start Offers' }).waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await pixelsBeyond(dialog)).toBe(0);
    await dialog.getByLabel(/^maxBadShare/).fill('2');
    await dialog.getByRole('button', { name: 'Start Offers' }).click();
    await dialog.getByRole('alert').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('');
    // The fault was refused by the API, which the browser reports.
    dashboard.problems.splice(0);
  });

  it('starts from the page of a pipeline, by the keyboard alone, what it was told', async () => {
    const page = await dashboard.open({ path: '/pipelines/translation', role: 'operator' });
    await page
      .getByRole('link', { name: 'Start a run' })
      .or(page.getByRole('button', { name: 'Start a run' }))
      .focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Start a run' });
    await dialog.getByRole('button', { name: 'Start Translation' }).waitFor();
    expect(await dialog.getByRole('combobox', { name: 'Pipeline' }).inputValue()).toBe('translation');
    await dialog.getByRole('button', { name: 'Start Translation' }).press('Enter');
    await dialog.getByRole('alert').getByText(/pair/).waitFor();
    await dialog.getByLabel(/^pair/).fill('en-de');
    await dialog.getByRole('combobox', { name: 'Priority' }).selectOption('2');
    await dialog.getByLabel(/step cache/).press('Space');
    await dialog.getByLabel(/^pair/).press('Enter');
    await page.waitForURL(/\/runs\/[0-9a-f-]{36}$/);
    await page.getByText(/Queued for/).waitFor();
    const run = await dashboard.api.database.runs.get(page.url().split('/').at(-1) ?? '');
    expect(run).toMatchObject({ pipeline: 'translation', priority: 2, cache: false, status: 'queued' });
    expect(run?.params).toMatchObject({ pair: 'en-de' });
    expect(run?.trigger).toMatchObject({ kind: 'api' });
  });
});
