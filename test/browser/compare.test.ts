import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violations } from '../support/accessibility.ts';
import { hasBrowser, type OpenDashboard, openDashboard } from '../support/dashboard.ts';
import { pixelsBeyond, writtenBefore } from '../support/layout.ts';
import { runIds } from '../support/month.ts';

describe.skipIf(!hasBrowser)('two runs beside each other', () => {
  let dashboard: OpenDashboard;
  beforeAll(async () => {
    dashboard = await openDashboard();
  });
  afterAll(async () => dashboard?.close());

  it('are chosen in the list, and show what differs, from the sentence down to the step', async () => {
    const { days } = dashboard.month;
    const [well = '', bad = ''] = [days.at(-6), days.at(-2)];
    const page = await dashboard.open({ path: '/runs?pipeline=offers', role: 'viewer' });
    const row = (name: RegExp) => page.getByRole('group', { name: 'Runs', exact: true }).getByRole('row', { name });
    const before = await row(new RegExp(`${bad}/Germany`)).boundingBox();
    await row(new RegExp(`${bad}/Germany`))
      .getByRole('checkbox')
      .check();
    const chosen = page.getByRole('region', { name: 'Chosen runs' });
    await chosen.getByText('Choose a second one to compare them.').waitFor();
    expect(await row(new RegExp(`${bad}/Germany`)).boundingBox()).toEqual(before);
    expect(await chosen.getByRole('button', { name: /Retry|Cancel/ }).count()).toBe(0);
    await row(new RegExp(`Succeeded offers ${well} `))
      .getByRole('checkbox')
      .check();
    await chosen.getByRole('link', { name: 'Compare' }).click();

    // The older one is A, in whatever order they were chosen.
    await page.waitForURL(`**/compare?runs=${runIds.ofDay(well)},${runIds.failedMarket}`);
    await page.getByText(/^A succeeded, B failed\. B took 4 min, .* less than A\./).waitFor();
    await page.getByText(/They differ in 2 parameters and the state of \d+ steps/).waitFor();
    await page
      .getByRole('region', { name: 'Run B' })
      .getByText(/killed at 2,048 MiB/)
      .waitFor();
    const parameters = page.getByRole('group', { name: 'Parameters that differ' }).getByRole('row');
    expect((await parameters.allTextContents()).slice(1)).toEqual([`asOf${well}${bad}`, 'market""Germany']);
    const steps = page.getByRole('group', { name: 'Steps of both runs' });
    expect(await steps.getByRole('row').nth(1).textContent()).toMatch(/state/);
    expect(await steps.getByRole('row').last().textContent()).not.toMatch(/state/);
    await page.getByRole('group', { name: 'Metrics of both runs' }).getByText('expected_revenue').waitFor();

    await page.getByRole('button', { name: 'Swap A and B' }).click();
    await page.getByText(/^A failed, B succeeded\. B took .* longer than A\./).waitFor();
    expect(new URL(page.url()).search).toBe(`?runs=${runIds.failedMarket},${runIds.ofDay(well)}`);
    await steps
      .getByRole('row', { name: /^predict/ })
      .getByRole('link')
      .first()
      .click();
    await page.waitForURL(`**/runs/${runIds.failedMarket}?step=predict`);
    await page.getByRole('complementary', { name: 'Step predict' }).waitFor();
  });

  it('stand on a phone as cards, whose values say what they are, for readers of the screen too', async () => {
    const path = `/compare?runs=${runIds.ofDay(dashboard.month.days.at(-6) ?? '')},${runIds.failedMarket}`;
    const page = await dashboard.open({ path, width: 390 });
    const steps = page.getByRole('group', { name: 'Steps of both runs' });
    const predict = steps.getByRole('row', { name: /^predict/ });
    await predict.getByText('Step of that run').first().waitFor();
    expect(await pixelsBeyond(steps)).toBe(0);
    expect(await steps.getByRole('columnheader').allTextContents()).toEqual(['Step', 'A', 'B', 'Change', 'Differs in']);
    expect(await predict.getByRole('cell').count()).toBe(5);
    expect(await writtenBefore(predict.getByRole('cell').last())).toContain('Differs in');
    expect(await violations(page)).toEqual([]);
  });

  it('complained of nothing', () => expect(dashboard.problems).toEqual([]));
});
