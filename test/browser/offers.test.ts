import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OfferCalibration } from '../../contracts/outcomes.ts';
import { hasBrowser, type OpenDashboard, openDashboard } from '../support/dashboard.ts';
import { customerIds } from '../support/month/offers.ts';

if (!hasBrowser) console.warn('Skipped: there is no Chromium on this machine (apt-get install chromium).');

const market = 'France';

describe.skipIf(!hasBrowser)('a sales person', () => {
  let dashboard: OpenDashboard;
  beforeAll(async () => {
    dashboard = await openDashboard();
  });
  afterAll(async () => dashboard?.close());

  it('sees which markets have their lists, and finds what a customer uses with its own words', async () => {
    const page = await dashboard.open({ path: '/offers', role: 'viewer' });
    await page.getByText(/^Lists of 4 of 5 markets are .*; Spain waits/).waitFor();
    await page.getByRole('link', { name: market, exact: true }).click();
    await page.getByRole('tab', { name: /^Gaps/ }).click();
    const [customer = ''] = customerIds(market);
    const row = page.getByRole('group', { name: 'Gaps' }).getByRole('row').filter({ hasText: customer });
    expect(await row.locator('mark').textContent()).toBe('hanging hearts');
    await row.getByRole('link', { name: customer }).click();
    await page.getByRole('heading', { name: `Customer ${customer}` }).waitFor();
    const gaps = page.getByRole('region', { name: 'Uses, and does not buy here' });
    expect(await gaps.textContent()).toContain('Our guests ask for the hanging hearts every weekend.');
    expect(await gaps.locator('mark').allTextContents()).toEqual(['hanging hearts']);
    expect(await gaps.getByText('menu.pdf').isVisible()).toBe(true);
    // A viewer reads, and is asked for nothing that it may not do.
    expect(await page.getByRole('button', { name: /^Sold/ }).count()).toBe(0);
    expect(dashboard.problems.splice(0)).toEqual([]);
    await page.context().close();
  });

  it('finds a customer on the list of an earlier day and exports what is found', async () => {
    const page = await dashboard.open({ path: `/offers/markets/${market}` });
    const day = page.getByLabel('Day of the lists');
    await day.waitFor();
    expect(await day.locator('option').count()).toBe(4);
    await day.selectOption({ index: 1 });
    const [, customer = ''] = customerIds(market);
    await page.getByLabel('Find a customer or product').fill(customer);
    await page.waitForURL((url) => url.searchParams.get('q') === customer);
    const list = page.getByRole('group', { name: 'The list' });
    const rows = async () => (await list.getByRole('row').allTextContents()).slice(1);
    await expect
      .poll(async () => (await rows()).every((text) => text.includes(customer)), { timeout: 20_000 })
      .toBe(true);
    const shown = await list.getByRole('row').count();
    const asOf = new URL(page.url()).searchParams.get('asOf') ?? '';
    expect(asOf).toBe(dashboard.month.days.at(-3));
    await page.getByRole('button', { name: 'Export what is found' }).click();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Table (CSV)' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe(`${market}-${asOf}.csv`);
    const lines = readFileSync(await file.path(), 'utf8')
      .trim()
      .split('\r\n');
    expect(lines).toHaveLength(shown);
    expect(lines.slice(1).every((line) => line.includes(`,${customer},`))).toBe(true);
    await page.context().close();
  });

  it('sees whether offers sell as often as predicted, by version too', async () => {
    const page = await dashboard.open({ path: `/offers/markets/${market}`, role: 'viewer' });
    await page.getByRole('tab', { name: 'Track record' }).click();
    const calibration = page.getByRole('region', { name: 'Calibration of offers' });
    await calibration.getByText(/^Of offers given \d+%, \d+% sold\. The calibration error is /).waitFor();
    const rows = calibration.getByRole('group', { name: 'Offers by the chance they were given' }).getByRole('row');
    const answer = async (more = '') =>
      (
        await dashboard.api.call('GET', `/v1/offers/markets/${market}/calibration${more}`, {
          key: dashboard.api.keys.viewer,
        })
      ).json<OfferCalibration>();
    const all = await answer();
    expect(all.outcomes).toBeGreaterThan(100);
    expect(await rows.count()).toBe(1 + all.bins.length);
    await calibration
      .getByText(`${all.outcomes} of ${all.offers} offers of the last 90 days have a known outcome`)
      .waitFor();
    expect(await calibration.getByRole('img').getAttribute('aria-label')).toContain('chance given');
    await calibration.getByLabel('Version that chose them').selectOption('1');
    const first = await answer('?modelVersion=1');
    await calibration.getByText(`${first.outcomes} of ${first.offers} offers of the last 90 days`).waitFor();
    expect(new URL(page.url()).searchParams.get('version')).toBe('1');
    expect(dashboard.problems.splice(0)).toEqual([]);
    await page.context().close();
  });

  it('tells that an offer sold, and what was told can be changed', async () => {
    const [customer = ''] = customerIds(market);
    const page = await dashboard.open({ path: `/offers/customers/${customer}?market=${market}`, role: 'operator' });
    const offers = page.getByRole('region', { name: 'Offers to make' });
    await offers.getByRole('button', { name: /^Sold/ }).click();
    await page
      .getByText(/: sold\. The next offers/)
      .first()
      .waitFor();
    const told = async () =>
      (await dashboard.api.call('GET', `/v1/offers/customers/${customer}/outcomes`)).json<{
        outcomes: { date: string; sale: boolean; by: string; prediction: { rank: number } | null }[];
      }>().outcomes[0];
    expect(await told()).toMatchObject({
      date: dashboard.month.days.at(-2),
      sale: true,
      by: 'operator of the test',
      prediction: { rank: 1 },
    });
    await offers.getByRole('button', { name: /^Change/ }).click();
    await offers.getByRole('button', { name: /^Not sold/ }).click();
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await page.getByText('What was told before stands again.').first().waitFor();
    expect(await told()).toMatchObject({ sale: true });
    await page.context().close();
  });
});
