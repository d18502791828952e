import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AliasHistory } from '../../contracts/models.ts';
import { advanceRollout } from '../../domain/rollout/index.ts';
import { hasBrowser, type OpenDashboard, openDashboard } from '../support/dashboard.ts';

if (!hasBrowser) console.warn('Skipped: there is no Chromium on this machine (apt-get install chromium).');

const model = 'offers-response';

describe.skipIf(!hasBrowser)('models in a browser', () => {
  let dashboard: OpenDashboard;
  beforeAll(async () => {
    dashboard = await openDashboard();
  });
  afterAll(async () => {
    expect(dashboard?.problems).toEqual([]);
    await dashboard?.close();
  });
  const get = async <T>(path: string): Promise<T> => (await dashboard.api.call('GET', path)).json<T>();
  const confirm = async (page: Page, action: string, reason: string): Promise<void> => {
    const dialog = page.getByRole('alertdialog');
    await dialog.getByLabel('Reason').fill(reason);
    await dialog.getByRole('button', { name: action }).click();
    await dialog.waitFor({ state: 'hidden' });
  };

  it('tells of each model what serves, how good it is and what is brought in', async () => {
    const page = await dashboard.open({ path: '/models' });
    await page
      .getByText('3 models are in the registry; 2 rollouts are under way, 1 of them waits for a decision.')
      .waitFor();
    const row = page.getByRole('row', { name: /translation-en-de/ });
    await row.getByText('Version 3 answers 95% and version 4 answers 5%.').waitFor();
    await row.getByText('+1.0 better').waitFor();
    await row.getByRole('link', { name: 'Version 4 answers 5%' }).click();
    await page.getByRole('heading', { name: 'Rollout of translation-en-de 4' }).waitFor();
    await page.context().close();
  });

  it('shows the card of a version within its page, as the file that is downloaded', async () => {
    const page = await dashboard.open({ path: '/models/offers-next-products/versions/5' });
    await page.getByRole('tab', { name: 'Model card' }).click();
    const card = page.frameLocator('iframe[title="Model card of offers-next-products, version 5"]');
    await card.getByRole('heading', { level: 1, name: 'Next products, version 5' }).waitFor();
    await card.getByText(/^Version 5 has been the challenger since/).waitFor();
    // All of it: the page scrolls, not the frame within it.
    const beyond = () =>
      page.evaluate<number>(`(() => {
        const frame = document.querySelector('iframe');
        return frame.contentDocument.documentElement.scrollHeight - frame.clientHeight;
      })()`);
    await expect.poll(beyond).toBe(0);
    await card.getByText(/^Parameters/).click();
    await card.getByText('ranker', { exact: true }).waitFor();
    await expect.poll(beyond).toBe(0);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('offers-next-products-5.html');
    expect(readFileSync(await file.path(), 'utf8')).toContain('<h1>Next products, version 5</h1>');
    await page.context().close();
  });

  it('rolls the champion back in two clicks, records the reason, and takes it back', async () => {
    const page = await dashboard.open({ path: `/models/${model}` });
    await page.getByRole('button', { name: 'Roll back to version 1' }).click();
    await page.getByText('Version 1 answers every caller within two seconds').waitFor();
    await confirm(page, 'Roll back to version 1', 'calibration is off in the field');
    await page.getByText('champion points at version 1 again.').first().waitFor();
    const history = () => get<AliasHistory>(`/v1/models/${model}/history`);
    expect((await history()).changes[0]).toMatchObject({
      ...{ alias: 'champion', version: 1, kind: 'rollback', by: 'admin of the test' },
      reason: 'calibration is off in the field',
    });
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Undone: champion points at version 2 again.').first().waitFor();
    expect((await history()).changes[0]).toMatchObject({ version: 2, reason: 'undone in the dashboard' });
    await page.context().close();
  });

  it('lets nobody move a protected alias whose role does not suffice, and says why', async () => {
    const page = await dashboard.open({ path: `/models/${model}?tab=aliases`, role: 'operator' });
    const champion = page.getByRole('region', { name: 'champion' });
    await champion.getByText('Needs the role admin to be moved.').waitFor();
    expect(await champion.getByRole('button', { name: /^Roll back/ }).isDisabled()).toBe(true);
    const challenger = page.getByRole('region', { name: 'challenger' });
    expect(await challenger.getByRole('button', { name: 'Point at version 2' }).isEnabled()).toBe(true);
    await page.context().close();
  });

  it('tells what answered on a day', async () => {
    const page = await dashboard.open({ path: `/models/${model}?tab=traffic` });
    const day = dashboard.month.days.at(-18) as string;
    await page.getByRole('textbox', { name: /^Day/ }).fill(day);
    await page.getByText(/^On .*, version 1 answered\.$/).waitFor();
    expect(page.url()).toContain(`day=${day}`);
    await page.context().close();
  });

  it('puts two versions that are chosen side by side', async () => {
    const page = await dashboard.open({ path: '/models/offers-next-products' });
    const rows = page.getByRole('group', { name: 'Versions of offers-next-products' }).getByRole('row');
    await rows.nth(1).getByRole('checkbox').check();
    await rows.nth(2).getByRole('checkbox').check();
    await page.getByText('Version 5 is better than version 4 in 3 of 3 metrics.').waitFor();
    expect(page.url()).toContain('chosen=4,5');
    await page.context().close();
  });

  it('begins a rollout with its own steps, pauses it while it is under way, and resumes it', async () => {
    const { database } = dashboard.api;
    const page = await dashboard.open({ path: `/models/${model}/versions/1` });
    await page.getByRole('button', { name: 'Roll out version 1' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Step 2: Of the callers, %').fill('10');
    await dialog.getByLabel('Reason').fill('the newer one is less calibrated');
    await dialog.getByRole('button', { name: 'Begin the rollout' }).click();
    await page.getByRole('heading', { name: `Rollout of ${model} 1` }).waitFor();
    const id = page.url().split('/').at(-1) as string;
    // What its workflow would do, where a worker runs.
    await advanceRollout({ rollouts: database.rollouts, clock: { now: () => new Date() } }, id);
    await page.getByText('Version 1 is in shadow.').waitFor();
    const steps = page.getByRole('region', { name: 'Steps' });
    expect(await steps.getByRole('listitem').allTextContents()).toEqual([
      expect.stringContaining('Under way'),
      expect.stringMatching(/^10%.*Ahead/),
      expect.stringMatching(/^25%.*Ahead/),
      expect.stringMatching(/^100%.*Ahead/),
    ]);

    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('The gates go on watching').waitFor();
    await confirm(page, 'Pause', 'the shop has a sale today');
    await steps.getByText('Paused').first().waitFor();
    expect(await get(`/v1/rollouts/${id}`)).toMatchObject({
      ...{ status: 'paused', reason: 'the shop has a sale today' },
      plan: { steps: [{ share: 0 }, { share: 0.1 }, { share: 0.25 }, { share: 1 }] },
      events: [
        { type: 'created' },
        { type: 'step' },
        { type: 'pause', by: 'admin of the test', text: 'the shop has a sale today' },
      ],
    });

    await page.getByRole('button', { name: 'Resume' }).click();
    await confirm(page, 'Resume', 'the sale is over');
    await steps.getByText('Under way').waitFor();
    await page.getByRole('button', { name: 'Abort' }).click();
    await page.getByText('Version 2 answers every caller again within two seconds').waitFor();
    await confirm(page, 'Abort', 'enough seen');
    await page.getByText('Version 1 was taken back.').waitFor();
    expect(await get(`/v1/rollouts/${id}`)).toMatchObject({ status: 'aborted' });
    await page.context().close();
  });
});
