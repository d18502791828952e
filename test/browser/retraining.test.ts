import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DecisionShown } from '../../contracts/decisions.ts';
import type { PolicyRecord } from '../../contracts/policies.ts';
import { hasBrowser, type OpenDashboard, openDashboard } from '../support/dashboard.ts';
import { responsePolicyId } from '../support/month.ts';

if (!hasBrowser) console.warn('Skipped: there is no Chromium on this machine (apt-get install chromium).');

describe.skipIf(!hasBrowser)('retraining in a browser', () => {
  let dashboard: OpenDashboard;
  beforeAll(async () => {
    dashboard = await openDashboard();
  });
  afterAll(async () => dashboard?.close());
  const get = async <T>(path: string): Promise<T> => (await dashboard.api.call('GET', path)).json<T>();
  const decisionOf = (age: number): string => `offers.offers-next-products.${dashboard.month.days.at(-1 - age)}`;

  it('tells what was decided, by which figures, and what waits for approval', async () => {
    const page = await dashboard.open({ path: '/retraining' });
    await page
      .getByText('1 model was retrained this week (offers-next-products); 1 decision waits for approval.')
      .waitFor();
    await page.getByLabel('Verdict').selectOption('retrain');
    const first = page.getByRole('listitem').filter({ hasText: 'new data fired' }).first();
    await first.getByText('6.4%, threshold 5%').waitFor();
    await first.getByRole('link', { name: 'version 4' }).click();
    await page.getByRole('heading', { name: 'offers-next-products, version 4' }).waitFor();
    await page.context().close();
  });

  it('has an override that waits approved by another key', async () => {
    const id = decisionOf(1);
    const page = await dashboard.open({ path: '/retraining', role: 'operator' });
    await page.getByLabel('Approval').selectOption('yes');
    await page.getByRole('link', { name: 'Kept: nothing has changed enough.' }).click();
    await page.getByText('bob asked for “train again”').waitFor();
    await page.getByRole('button', { name: 'Approve' }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByText('A training begins at once').waitFor();
    await dialog.getByLabel('Reason').fill('seen in the shop too');
    await dialog.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('approved by operator of the test').waitFor();
    expect(await get<DecisionShown>(`/v1/decisions/${id}`)).toMatchObject({
      effective: 'retrain',
      overrides: [
        { status: 'approved', requestedBy: 'bob', decidedBy: 'operator of the test', note: 'seen in the shop too' },
      ],
    });
    await page.context().close();
  });

  it('keeps who asks for another verdict from approving it', async () => {
    const page = await dashboard.open({ path: `/decisions/${decisionOf(2)}` });
    await page.getByRole('button', { name: 'Override' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Verdict').selectOption('challenger');
    await dialog.getByLabel('Reason').fill('a new range of products');
    await dialog.getByRole('button', { name: 'Ask for it' }).click();
    await page.getByText('admin of the test asked for “train a challenger”').waitFor();
    const approve = page.getByRole('button', { name: 'Approve' });
    expect(await approve.isDisabled()).toBe(true);
    expect(await approve.getAttribute('title')).toBe('You asked for it: somebody else has to approve it');
    await page.getByRole('button', { name: 'Decline' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Decline' }).click();
    await page.getByText('declined by admin of the test').waitFor();
    await page.context().close();
  });

  it('has a policy edited, backtested beside the present one, and saved as the next version', async () => {
    const path = `/v1/policies/${responsePolicyId}`;
    const page = await dashboard.open({ path: `/policies/${responsePolicyId}` });
    const share = page.getByLabel('Share of new labelled rows');
    await share.fill('-1');
    await page.getByRole('button', { name: 'Run the backtest' }).click();
    await page.getByText('The request is not valid').waitFor();
    expect(await page.locator('[data-fault]').count()).toBe(1);

    await share.fill('0.01');
    await page.getByLabel('Days between trainings, at least').fill('3');
    await page.getByRole('button', { name: 'Run the backtest' }).click();
    await page.getByText(/^Over 90 days the edited policy asks for \d+ training/).waitFor();
    const row = page.getByRole('row', { name: /^Trainings \d/ });
    const [, present, edited] = (await row.getByRole('cell').allTextContents()).map(Number);
    expect(edited).toBeGreaterThan(present as number);
    expect(await get<PolicyRecord>(path)).toMatchObject({ version: 2 });

    await page.getByRole('button', { name: 'Save as version 3' }).click();
    await page.getByText(`Version 3 of ${responsePolicyId} decides from now on.`).first().waitFor();
    expect(await get<PolicyRecord>(path)).toMatchObject({
      ...{ version: 3, by: 'admin of the test' },
      definition: { newData: { share: 0.01, minAgeDays: 3 } },
    });
    await page.getByRole('tab', { name: /Versions/ }).click();
    const newest = page.getByRole('group', { name: 'What version 3 changed' });
    await newest.getByText('newData.share').waitFor();
    expect(await newest.getByRole('row').count()).toBe(3);
    await page.context().close();
  });

  it('makes another policy of one that stands in the code', async () => {
    const page = await dashboard.open({ path: '/policies/offers' });
    await page.getByText('It stands in the code and is changed there').waitFor();
    await page.getByLabel('Id of the new policy').fill('offers-careful');
    await page.getByLabel('Cool-down, hours').fill('72');
    await page.getByRole('combobox', { name: /^Mode(?!l)/ }).selectOption('observe');
    await page.getByRole('button', { name: 'Save as another policy' }).click();
    await page.waitForURL('**/policies/offers-careful');
    expect(await get<PolicyRecord>('/v1/policies/offers-careful')).toMatchObject({
      ...{ version: 1, origin: 'api' },
      definition: { mode: 'observe', coolDownHours: 72, kpis: [{ name: 'realised_hit' }] },
    });
    await page.context().close();
  });
});
