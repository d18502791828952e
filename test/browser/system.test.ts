import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Alert } from '../../contracts/alerts.ts';
import { hasBrowser, type OpenDashboard, openDashboard } from '../support/dashboard.ts';
import { alertIds } from '../support/month.ts';

describe.skipIf(!hasBrowser)('the system', () => {
  let dashboard: OpenDashboard;
  beforeAll(async () => {
    dashboard = await openDashboard();
  });
  afterAll(async () => dashboard?.close());

  it('lets somebody take care of an alert, and says so', async () => {
    const page = await dashboard.open({ path: `/alerts/${alertIds.run}`, role: 'operator' });
    await page.getByRole('button', { name: 'I take care' }).click();
    await page.getByText('You take care: it is not escalated any more.').first().waitFor();
    await page.getByRole('button', { name: 'I take care' }).waitFor({ state: 'detached' });
    const alert = (await dashboard.api.call('GET', `/v1/alerts/${alertIds.run}`)).json<Alert>();
    expect(alert).toMatchObject({ state: 'acknowledged', acknowledgedBy: 'operator of the test' });
  });

  it('does not close an alert without a reason', async () => {
    const page = await dashboard.open({ path: `/alerts/${alertIds.acknowledged}`, role: 'operator' });
    await page.getByRole('button', { name: 'Resolve…' }).click();
    const button = page.getByRole('button', { name: 'It is over' });
    expect(await button.isDisabled()).toBe(true);
    await page.getByLabel('Reason').fill('the source was mended');
    await button.click();
    await page.getByText('The alert is over.').first().waitFor();
    await page.getByRole('cell', { name: 'the source was mended' }).waitFor();
    const alert = (await dashboard.api.call('GET', `/v1/alerts/${alertIds.acknowledged}`)).json<Alert>();
    expect(alert.state).toBe('resolved');
  });

  it('offers a viewer nothing that it may not do', async () => {
    const page = await dashboard.open({ path: `/alerts/${alertIds.deadline}`, role: 'viewer' });
    await page.getByRole('heading', { name: 'What to do' }).waitFor();
    expect(await page.getByRole('button', { name: /I take care|Silence|Resolve/ }).count()).toBe(0);
  });

  it('makes a key, shows it once, and revokes it', async () => {
    const page = await dashboard.open({ path: '/system?tab=keys' });
    await page.getByRole('button', { name: 'New key…' }).click();
    await page.getByLabel('Name').fill('nightly report');
    await page.getByRole('button', { name: 'Make the key' }).click();
    const key = (await page.getByText(/^prn_/).textContent()) ?? '';
    expect((await dashboard.api.call('GET', '/v1/runs', { key })).statusCode).toBe(200);
    await page.getByRole('button', { name: 'Done' }).click();
    expect(await page.getByText(key).count()).toBe(0);
    const row = page.getByRole('row', { name: /nightly report/ });
    await row.getByRole('button', { name: 'Revoke…' }).click();
    await page.getByRole('button', { name: 'Revoke', exact: true }).click();
    await row.getByText('revoked').waitFor();
    expect((await dashboard.api.call('GET', '/v1/runs', { key })).statusCode).toBe(401);
  });

  it('tries a dead letter again', async () => {
    const page = await dashboard.open({ path: '/system?tab=events' });
    const letters = page.getByRole('group', { name: 'Dead letters' });
    const again = letters.getByRole('button', { name: 'Try again' });
    await again.first().waitFor();
    const before = await again.count();
    await again.first().click();
    await expect.poll(() => again.count(), { timeout: 10_000 }).toBe(before - 1);
  });

  it('complained of nothing', () => expect(dashboard.problems).toEqual([]));
});
