import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BackfillDetail, BackfillPartition } from '../../contracts/backfills.ts';
import type { RuleRecord } from '../../contracts/rules.ts';
import type { ScheduleRecord } from '../../contracts/schedules.ts';
import { violations } from '../support/accessibility.ts';
import { hasBrowser, type OpenDashboard, openDashboard } from '../support/dashboard.ts';
import { runIds } from '../support/month.ts';

describe.skipIf(!hasBrowser)('pipelines', () => {
  let dashboard: OpenDashboard;
  beforeAll(async () => {
    dashboard = await openDashboard();
  });
  afterAll(async () => dashboard?.close());

  const answer = async <T>(path: string): Promise<T> => (await dashboard.api.call('GET', path)).json<T>();
  const nameOf = (page: Page): string => decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1) ?? '');

  it('says within three clicks why a rule did not fire, with the events it looked at', async () => {
    const page = await dashboard.open({ path: '/pipelines' });
    await page.getByRole('tab', { name: /Rules/ }).click();
    await page.getByRole('link', { name: 'offers-when-sales-are-there' }).click();
    const today = dashboard.month.today;
    await page
      .getByText(`Has not fired for ${today}: it has first and second and waits for third`, { exact: false })
      .waitFor();
    const newest = page
      .getByRole('listitem')
      .filter({ hasText: `Did not fire yet for ${today}` })
      .first();
    expect(await newest.textContent()).toMatch(/waits for third until \d{4}-\d\d-\d\d \d\d:\d\d/);
    await newest.getByRole('link', { name: /dataset\.landed Germany/ }).click();
    const event = page.getByRole('dialog', { name: 'Event' });
    await event.getByText('"watch": "sales"', { exact: false }).waitFor();
    expect(new URL(page.url()).searchParams.get('event')).toBe(`/watches/sales ${today}/Germany`);
  });

  it('tries a rule on stored events, names the faults of one, and makes it', async () => {
    const page = await dashboard.open({ path: '/rule?pipeline=offers' });
    await page.getByLabel('Name', { exact: false }).first().fill('failed-offers');
    await page.getByRole('button', { name: 'Try it' }).click();
    await page.getByText(/It would have fired \d+ times/).waitFor();
    await page.getByLabel('Where', { exact: false }).fill('event.data.');
    await page.getByRole('button', { name: 'Make the rule' }).click();
    await page.getByRole('alert').getByText('patterns.0.where', { exact: true }).waitFor();
    await page.getByLabel('Where', { exact: false }).fill('event.data.partition != null');
    await page.getByRole('button', { name: 'Make the rule' }).click();
    await page.getByText('Has not fired yet').waitFor();
    const { definition } = await answer<RuleRecord>(`/v1/rules/${nameOf(page)}`);
    expect(definition).toMatchObject({
      ...{ id: 'failed-offers', mode: 'any' },
      patterns: [{ type: 'run.failed', source: '/pipelines/offers', where: 'event.data.partition != null' }],
    });
    await page.getByRole('button', { name: 'Disable' }).click();
    await page.getByLabel('Reason').fill('the shop is closed');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Disable' }).click();
    await page.getByText('Disabled: the shop is closed.', { exact: false }).waitFor();
    // What was wrong with the rule was refused, which the browser reports.
    dashboard.problems.splice(0);
  });

  it('makes a schedule with its starts in sight, pauses it with a note, and lets it go on', async () => {
    const page = await dashboard.open({ path: '/pipelines/offers?tab=schedules' });
    await page.getByRole('link', { name: 'New schedule' }).click();
    await page.getByLabel('Name', { exact: false }).first().fill('offers-weekdays');
    await page.getByLabel('How often').selectOption('weekdays');
    await page.getByLabel('At', { exact: true }).fill('06:30');
    await page.getByLabel('Time zone', { exact: false }).fill('Europe/Berlin');
    const preview = page.getByRole('complementary', { name: 'Preview' });
    await preview.getByText('Starts Monday to Friday at 06:30, Europe/Berlin').waitFor();
    await preview
      .getByText(/Mon \d\d \w+,? 06:30/)
      .first()
      .waitFor();
    expect(await preview.getByText(/^(?:Sat|Sun) /).count()).toBe(0);
    await page.getByRole('button', { name: 'Make the schedule' }).click();
    await page.getByRole('heading', { name: 'offers-weekdays' }).waitFor();
    const shown = () => answer<ScheduleRecord>('/v1/schedules/offers-weekdays');
    expect((await shown()).definition).toMatchObject({ cron: '30 6 * * 1-5', timeZone: 'Europe/Berlin' });

    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByLabel('Reason').fill('stocktaking');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused: stocktaking.', { exact: false }).waitFor();
    expect(await shown()).toMatchObject({ paused: true, note: 'stocktaking' });
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('Starts Monday to Friday at 06:30, Europe/Berlin; next', { exact: false }).waitFor();
    expect((await shown()).paused).toBe(false);
  });

  it('makes a schedule of days and times without a line of JSON, with holidays, and opens it in the same fields', async () => {
    const page = await dashboard.open({ path: '/schedule?pipeline=offers' });
    await page.getByLabel('Name', { exact: false }).first().fill('offers-twice');
    await page.getByLabel('How often').selectOption('weekdays');
    await page.getByLabel('At', { exact: true }).fill('06:30');
    await page.getByLabel('Time zone', { exact: false }).fill('Europe/Berlin');
    await page.getByLabel('How often').selectOption('calendars');
    const preview = page.getByRole('complementary', { name: 'Preview' });
    await preview.getByText('Starts Monday to Friday at 06:30, Europe/Berlin').waitFor();
    for (const day of ['Tuesday', 'Thursday']) await page.getByRole('checkbox', { name: day }).uncheck();
    await page.getByRole('button', { name: 'Another time' }).click();
    await page.getByText('Only on some days of the month').click();
    await page.getByRole('checkbox', { name: 'December' }).check();
    await page.getByRole('checkbox', { name: 'January' }).check();
    const words = 'Monday, Wednesday, and Friday in January and December at 06:30 and 18:00, Europe/Berlin';
    await preview.getByText(`Starts every ${words}`).waitFor();
    await page.getByText('Catching up, jitter, priority, exceptions').click();
    await page.getByRole('button', { name: 'A date' }).click();
    await preview.getByText('but not on 12-25 of each year', { exact: false }).waitFor();
    await preview
      .getByText(/^(?:Mon|Wed|Fri) \d\d (?:Dec|Jan), (?:06:30|18:00)$/)
      .nth(9)
      .waitFor();
    expect(await preview.getByText(/^\w+ 25 Dec/).count()).toBe(0);
    expect(await page.locator('textarea').count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Make the schedule' }).click();
    await page.getByText(`Starts every ${words}, but not on 12-25 of each year; next`, { exact: false }).waitFor();
    const { definition } = await answer<ScheduleRecord>('/v1/schedules/offers-twice');
    expect(definition).toMatchObject({
      calendars: [
        { minute: 30, hour: 6, dayOfWeek: 'MON,WED,FRI', month: 'JAN,DEC' },
        { hour: 18, dayOfWeek: 'MON,WED,FRI', month: 'JAN,DEC' },
      ],
      skip: [{ dayOfMonth: 25, month: 12 }],
    });
    await page.getByRole('link', { name: 'Change' }).click();
    expect(await page.getByLabel('Time 1').inputValue()).toBe('06:30');
    expect(await page.getByLabel('Time 2').inputValue()).toBe('18:00');
    expect(await page.getByRole('checkbox', { name: 'Wednesday' }).isChecked()).toBe(true);
    expect(await page.getByRole('checkbox', { name: 'Tuesday' }).isChecked()).toBe(false);
  });

  it('says what a backfill would do, and starts it with those partitions', async () => {
    const { days, today } = dashboard.month;
    const page = await dashboard.open({ path: '/pipelines/offers?tab=backfills' });
    await page.getByRole('link', { name: 'New backfill' }).click();
    await page.getByLabel('First day').fill(days[3] ?? '');
    await page.getByLabel('Last day').fill(days[4] ?? '');
    await page.getByLabel('A run for each day and each of these').check();
    await page.getByLabel('Germany', { exact: true }).check();
    await page.getByLabel('France', { exact: true }).check();
    const dryRun = page.getByRole('complementary', { name: 'Dry run' });
    await dryRun.getByText('Nothing to do: all 4 partitions would be left out.').waitFor();
    await page.getByLabel('What was done before').selectOption('all');
    await dryRun.getByText('4 runs for 4 partitions. It takes about', { exact: false }).waitFor();
    await page
      .getByRole('button', { name: /^Germany .*would run/ })
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Start 4 runs' }).click();
    await page.getByText(/^0 of 4 partitions are done, 4 left/).waitFor();
    const backfill = await answer<BackfillDetail & { partitions: BackfillPartition[] }>(
      `/v1/backfills/${nameOf(page)}`,
    );
    expect(backfill).toMatchObject({ pipeline: 'offers', mode: 'all', keys: ['Germany', 'France'] });
    expect(backfill.partitions.map(({ partition }) => partition).sort()).toEqual(
      [days[3], days[4]].flatMap((day) => ['France', 'Germany'].map((market) => `${day}/${market}`)),
    );
    expect(backfill.to < today).toBe(true);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel the backfill' }).click();
    await page.getByText(/^Cancelled .* 0 of 4 partitions are done/).waitFor();
  });

  it('opens what the missed day of a deadline waits for', async () => {
    const { today } = dashboard.month;
    const page = await dashboard.open({ path: '/pipelines' });
    await page.getByRole('link', { name: 'offers-by-morning' }).click();
    await page.getByText(/^Today: missed\./).waitFor();
    await page.getByRole('button', { name: /: Met 2 h 55 min late$/ }).click();
    await page.getByText('Done by').waitFor();
    await page.getByRole('button', { name: `${today}: Missed` }).click();
    await page.getByText('Waits for').waitFor();
    await page.getByRole('link', { name: `the run ${today}` }).click();
    await page.waitForURL(`**/runs/${runIds.ofDay(today)}`);
  });

  it('shows the steps of a pipeline with their settings, and sets a limit that can be taken back', async () => {
    const page = await dashboard.open({ path: '/pipelines/offers' });
    await page.getByRole('region', { name: 'Steps of Offers' }).getByText('predict', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'predict', exact: true }).click();
    await page.getByText(/for each of params\.market/).waitFor();
    await page.getByRole('tab', { name: 'Limits' }).click();
    await page.getByLabel('At most, of offers', { exact: true }).fill('2');
    await page.getByRole('button', { name: 'Set', exact: true }).click();
    await page.getByRole('button', { name: 'As the code says' }).waitFor();
    const { limits } = await answer<{ limits: { name: string; capacity: number }[] }>('/v1/limits');
    expect(limits).toContainEqual(expect.objectContaining({ name: 'offers', capacity: 2 }));
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'As the code says' }).waitFor({ state: 'detached' });
  });
});
