import pg from 'pg';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasBrowser, type OpenDashboard, openDashboard } from '../support/dashboard.ts';
import { runIds } from '../support/month.ts';

/** For what the browser and the API do on a machine with other work. */
const patient = { timeout: 15_000 };

describe.skipIf(!hasBrowser)('the runs', () => {
  let dashboard: OpenDashboard;
  beforeAll(async () => {
    dashboard = await openDashboard();
  });
  afterAll(async () => dashboard?.close());

  const rows = (page: Page) => page.getByRole('group', { name: 'Runs', exact: true }).locator('tbody tr');
  /** What was written to the audit log of an action, oldest first. */
  async function audited(action: string): Promise<readonly { readonly subject: string; readonly detail: object }[]> {
    const client = new pg.Client({ connectionString: dashboard.api.url });
    await client.connect();
    try {
      return (await client.query('select subject, detail from audit_log where action = $1 order by id', [action])).rows;
    } finally {
      await client.end();
    }
  }

  it('are filtered by an address that can be sent on', async () => {
    const page = await dashboard.open({ path: '/runs' });
    await rows(page).first().waitFor();
    const all = await rows(page).count();
    await page.getByRole('button', { name: 'Failed', exact: true }).click();
    await page.getByRole('button', { name: 'Cancelled', exact: true }).click();
    await page.getByRole('combobox', { name: 'Pipeline' }).selectOption('offers');
    await page.getByRole('searchbox', { name: 'Partition' }).fill(`${dashboard.month.days.at(-2)}/Germany`);
    await page.waitForURL(/partition=/);
    expect(new URL(page.url()).search).toBe(
      `?status=failed,cancelled&pipeline=offers&partition=${dashboard.month.days.at(-2)}/Germany`,
    );
    await expect.poll(() => rows(page).count(), patient).toBe(1);
    await page.reload();
    await rows(page).first().waitFor();
    expect(await rows(page).count()).toBe(1);
    expect(await page.getByRole('button', { name: 'Failed', exact: true }).getAttribute('aria-pressed')).toBe('true');
    await page.getByRole('button', { name: 'Clear' }).click();
    await expect.poll(() => rows(page).count(), patient).toBe(all);
  });

  it('open by keyboard', async () => {
    const page = await dashboard.open({ path: '/runs' });
    await rows(page).first().waitFor();
    for (const key of ['j', 'j', 'j', 'k', 'Enter']) await page.keyboard.press(key);
    await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
    await page.getByRole('region', { name: 'Steps over time' }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(/step=/);
    await page.getByRole('complementary', { name: /^Step / }).waitFor();
  });

  it('come without moving the list: new ones wait until they are asked for', async () => {
    const page = await dashboard.open({ path: '/runs?pipeline=offers' });
    await rows(page).first().waitFor();
    const first = await rows(page).first().textContent();
    const started = await dashboard.api.call('POST', '/v1/runs', { body: { pipeline: 'offers', params: { topK: 7 } } });
    expect(started.statusCode).toBe(202);
    await page.getByRole('button', { name: '1 new run – show' }).click({ timeout: 15_000 });
    expect(await rows(page).nth(1).textContent()).toBe(first);
    expect(await rows(page).first().textContent()).toContain('Queued');
  });

  it('are cancelled together after a look at what would happen', async () => {
    const page = await dashboard.open({ path: '/runs?status=queued,failed&pipeline=offers', role: 'operator' });
    for (const row of [/EIRE/, /Germany.*killed/])
      await page.getByRole('row', { name: row }).getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Cancel…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Cancel runs' });
    await dialog.getByText('1 run will be cancelled.').waitFor();
    expect(await dialog.textContent()).toMatch(/have ended already and are left alone/);
    expect(await audited('run.cancel.bulk')).toEqual([]);
    await dialog.getByRole('button', { name: 'Cancel 1 run' }).click();
    await page.getByText('1 run is being cancelled.').first().waitFor();
    expect((await audited('run.cancel')).map(({ subject }) => subject)).toContain(runIds.queued);
    const [bulk] = await audited('run.cancel.bulk');
    expect(bulk?.detail).toMatchObject({ runs: 1 });
  });

  it('are started with parameters whose faults stand at their fields', async () => {
    const page = await dashboard.open({ path: '/runs', role: 'operator' });
    await page.getByRole('button', { name: 'Start a run' }).click();
    const dialog = page.getByRole('dialog', { name: 'Start a run' });
    await dialog.getByRole('combobox', { name: 'Pipeline' }).selectOption('offers');
    await dialog.getByLabel(/^topK/).fill('900');
    await dialog.getByRole('button', { name: 'Start Offers' }).click();
    await dialog.getByText(/topK must be <= 200/).waitFor();
    await dialog.getByLabel(/^topK/).fill('30');
    await dialog.getByLabel(/^market/).fill('Malta');
    await dialog.getByRole('button', { name: 'Start Offers' }).click();
    await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
    const id = page.url().split('/').at(-1) ?? '';
    expect((await dashboard.api.database.runs.get(id))?.params).toMatchObject({ topK: 30, market: 'Malta' });
    await page.getByRole('button', { name: 'Pause' }).click();
    const pause = page.getByRole('alertdialog');
    await pause.getByLabel(/Stop steps at work now/).check();
    await pause.getByLabel(/Reason/).fill('the source delivers again at noon');
    await pause.getByRole('button', { name: 'Pause' }).click();
    await expect
      .poll(async () => (await audited('run.pause')).filter(({ subject }) => subject === id), patient)
      .toMatchObject([{ detail: { mode: 'checkpoint', reason: 'the source delivers again at noon' } }]);
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel the run' }).click();
    await expect.poll(async () => (await audited('run.cancel')).map(({ subject }) => subject), patient).toContain(id);
  });

  it('may be looked at only by who may not act', async () => {
    const page = await dashboard.open({ path: `/runs/${runIds.failedMarket}`, role: 'viewer' });
    await page.getByRole('region', { name: 'Why it failed' }).waitFor();
    expect(await page.getByRole('button', { name: /^(Retry|Run again|Cancel$)/ }).count()).toBe(0);
  });

  it('give their log by step, level and words, and lead to a line', async () => {
    const page = await dashboard.open({ path: `/runs/${runIds.failedMarket}?tab=log` });
    const log = page.getByRole('log');
    await log.waitFor();
    await page.getByRole('combobox', { name: 'Level' }).selectOption('error');
    await page.waitForURL(/level=error/);
    await expect.poll(() => log.textContent(), patient).not.toContain('begins');
    expect(await log.textContent()).toContain('killed at 2,048 MiB');
    await page.getByRole('combobox', { name: 'Level' }).selectOption('');
    await page.getByRole('searchbox', { name: 'Text in the log' }).fill('answers slowly');
    await expect.poll(() => page.getByText(/^3 lines$/).count(), patient).toBe(1);
    await log.getByRole('button').first().click();
    await page.waitForURL(/line=\d+/);
    await page.reload();
    await page.locator('[data-chosen]').waitFor();
  });

  it('move as their steps report, without a look at the clock', async () => {
    const id = runIds.ofDay(dashboard.month.today);
    const { runs } = dashboard.api.database;
    const page = await dashboard.open({ path: `/runs/${id}?step=decide` });
    await page.getByRole('complementary', { name: 'Step decide' }).waitFor();
    await page.getByText(/Running for/).waitFor();
    const open = (await runs.steps(id)).find(({ status, mapKey }) => status === 'pending' && mapKey === '');
    const step = { runId: id, stepId: open?.stepId ?? '', mapKey: '' };
    await runs.attemptStarted(step, 1, 'cpu@batch-1:4711');
    await page.goto(`/runs/${id}?step=${step.stepId}`);
    const panel = page.getByRole('complementary', { name: `Step ${step.stepId}` });
    await panel.getByText('Running').first().waitFor();
    await runs.progress(step, { done: 120, total: 480, unit: 'pages' });
    await panel.getByText('120 of 480 pages').waitFor();
    await runs.log(step, 1, [{ at: new Date().toISOString(), level: 'info', message: 'half of it is printed' }]);
    await panel.getByText('half of it is printed').waitFor();
    await runs.metrics(step, { pages_per_second: 12 });
    await panel.getByText('pages_per_second').waitFor();
    await runs.attemptFinished(step, 1, { status: 'succeeded', output: { pages: 480 } });
    await panel.getByText('Succeeded').first().waitFor();
    await panel.getByText('480', { exact: true }).waitFor();
  });

  it('show their graph, and what a fan-out has done item by item', async () => {
    const page = await dashboard.open({ path: `/runs/${runIds.ofDay(dashboard.month.today)}` });
    const graph = page.getByRole('region', { name: /^Graph of the steps/ });
    const items = graph.getByRole('button', { name: /^Items of predict: 38 of 38/ });
    await graph.getByRole('button', { name: 'Show the whole graph' }).click();
    await items.click();
    await page.getByRole('searchbox', { name: 'Find an item of predict' }).fill('malta');
    await page.getByRole('list', { name: 'Items of predict' }).getByRole('button', { name: /Malta/ }).click();
    await page.waitForURL(/step=predict&item=Malta/);
    const panel = page.getByRole('complementary', { name: 'Step predict, Malta' });
    await panel.waitFor();
    expect(await panel.textContent()).toContain('modelVersion');
  });
});
