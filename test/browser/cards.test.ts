import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasBrowser, type OpenDashboard, openDashboard } from '../support/dashboard.ts';
import { writtenBefore } from '../support/layout.ts';

describe.skipIf(!hasBrowser)('tables on a phone', () => {
  let dashboard: OpenDashboard;
  beforeAll(async () => {
    dashboard = await openDashboard();
  });
  afterAll(async () => dashboard?.close());

  const table = (page: Page, name: string) => page.getByRole('group', { name, exact: true });
  const rows = (page: Page, name: string) => table(page, name).locator('tbody').getByRole('row');

  it('show all of a row, with a label where a value does not say what it is', async () => {
    const { days } = dashboard.month;
    const page = await dashboard.open({ path: '/runs?status=failed', width: 390 });
    const failed = rows(page, 'Runs').filter({ hasText: `${days.at(-2)}/Germany` });
    await failed.waitFor();
    const text = (await failed.textContent()) ?? '';
    for (const part of ['Failed', 'offers', 'killed at 2,048 MiB', '1.9 million rows', 'ada', '5 h ago', '4 min'])
      expect(text).toContain(part);
    const label = (cell: number) => writtenBefore(failed.getByRole('cell').nth(cell));
    expect([await label(3), await label(5), await label(7)]).toEqual([
      'none',
      expect.stringContaining('Started by'),
      expect.stringContaining('Took'),
    ]);
    expect(await table(page, 'Runs').getByRole('columnheader').allTextContents()).toEqual([
      ...['Chosen', 'State', 'Run', 'Partition', 'What happened', 'Started by', 'Created', 'Took'],
    ]);
  });

  it('are chosen from and opened by keys, as on a wide screen', async () => {
    const page = await dashboard.open({ path: '/runs?status=failed', width: 390 });
    await rows(page, 'Runs').first().waitFor();
    const all = await rows(page, 'Runs').count();
    await page.getByRole('checkbox', { name: 'Choose all rows' }).check();
    await page.getByText(`${all} runs chosen`).waitFor();
    await page.getByRole('button', { name: 'Choose none' }).click();
    expect(await page.getByRole('checkbox', { name: 'Choose all rows' }).isChecked()).toBe(false);
    for (const key of ['j', 'x', 'Enter']) await page.keyboard.press(key);
    await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
  });

  it('are sorted by a choice in place of the heads', async () => {
    const { days, today } = dashboard.month;
    const page = await dashboard.open({ path: '/schedules/offers-daily', width: 390 });
    await rows(page, 'Runs').first().getByRole('link', { name: today }).waitFor();
    await page.getByRole('combobox', { name: 'Sort Runs' }).selectOption('Created, rising');
    await expect.poll(() => rows(page, 'Runs').first().textContent()).not.toContain(today);
    const shown = await rows(page, 'Runs').getByRole('link').allTextContents();
    expect(shown).toEqual([...shown].sort());
    expect(shown.every((day) => days.includes(day))).toBe(true);
    expect(await table(page, 'Runs').getByRole('columnheader', { name: 'Created' }).getAttribute('aria-sort')).toBe(
      'ascending',
    );
  });

  it('stay tables where their columns fit, and become such again when there is room', async () => {
    const page = await dashboard.open({ path: '/runs?status=failed', width: 390 });
    await rows(page, 'Runs').first().waitFor();
    const isCards = () => table(page, 'Runs').getAttribute('data-cards');
    expect(await isCards()).toBe('true');
    await page.setViewportSize({ width: 1440, height: 900 });
    await expect.poll(isCards).toBe(null);
    await page.getByRole('columnheader', { name: 'What happened' }).waitFor();
    await page.setViewportSize({ width: 390, height: 900 });
    await expect.poll(isCards).toBe('true');
  });

  it('complained of nothing', () => expect(dashboard.problems).toEqual([]));
});
