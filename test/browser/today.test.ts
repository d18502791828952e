import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasBrowser, type OpenDashboard, openDashboard } from '../support/dashboard.ts';

describe.skipIf(!hasBrowser)('the way in, and today', () => {
  let dashboard: OpenDashboard;
  beforeAll(async () => {
    dashboard = await openDashboard();
  });
  afterAll(async () => dashboard?.close());

  it('asks for a key, says what is wrong with it, and opens the page that was asked for', async () => {
    const page = await dashboard.open({ role: null, path: '/runs' });
    await page.getByLabel('API key').fill('prn_wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('The API key is not known here.').waitFor();
    await page.getByLabel('API key').fill(dashboard.api.keys.viewer);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Runs' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/runs');
    expect(await page.evaluate('document.cookie')).toBe('');
    expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain('prn_');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in to Perennial' }).waitFor();
    // A key that is refused is a fault of the person, which the browser reports.
    dashboard.problems.splice(0);
  });

  it('answers first, and leads to what is wrong in one click', async () => {
    const page = await dashboard.open();
    await page
      .getByText(/Offers of .* of 38 markets are done/)
      .first()
      .waitFor();
    await page.getByRole('link', { name: 'Offers, Germany: a run failed' }).click();
    await page.getByRole('heading', { name: 'Offers, Germany: a run failed' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Needs a person' }).waitFor();
  });

  it('shows a market’s day by pointer and by keys, with the cell in the address', async () => {
    const page = await dashboard.open();
    const [yesterday] = dashboard.month.days.slice(-2);
    const cell = page.getByRole('button', { name: /^Germany .*Succeeded/ }).last();
    await cell.click();
    const panel = page.getByRole('dialog');
    await panel.getByRole('link', { name: /Do this day again/ }).waitFor();
    expect(new URL(page.url()).searchParams.get('cell')).toMatch(/^\d{4}-\d\d-\d\d\/Germany$/);
    await page.reload();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page
      .getByRole('button', { name: /^Germany .*Succeeded/ })
      .last()
      .focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    expect(new URL(page.url()).searchParams.get('cell')?.slice(0, 10) ?? '').toSatisfy(
      (day: string) => day <= (yesterday ?? ''),
    );
  });

  it('finds anything with the keyboard alone', async () => {
    const page = await dashboard.open();
    await page.getByRole('heading', { name: 'Needs a person' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').waitFor();
    await page.keyboard.type('Germany');
    await page
      .getByRole('option', { name: /market.*Germany/ })
      .first()
      .waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.getByRole('heading', { name: 'System' }).waitFor();
  });

  it('keeps the colours that were chosen', async () => {
    const page = await dashboard.open();
    const ground = () => page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    await page.getByRole('button', { name: /^Colours: system/ }).click();
    await page.getByRole('button', { name: /^Colours: light/ }).click();
    expect(await ground()).toBe('rgb(18, 19, 22)');
    await page.reload();
    await page.getByRole('button', { name: /^Colours: dark/ }).waitFor();
    expect(await ground()).toBe('rgb(18, 19, 22)');
  });

  it('shows changes as they happen', async () => {
    const page = await dashboard.open({ path: '/system?tab=keys' });
    await page.getByRole('group', { name: 'API keys' }).waitFor();
    await dashboard.api.call('POST', '/v1/keys', { body: { name: 'made elsewhere', role: 'viewer' } });
    await page.getByText('made elsewhere').waitFor();
  });

  it('says when changes do not come by themselves, and finds back when the API answers again', async () => {
    const page = await dashboard.open({ role: null, path: '/system?tab=keys' });
    await page.clock.install();
    await page.route('**/v1/changes', (route) => route.fulfill({ status: 503 }));
    await page.getByLabel('API key').fill(dashboard.api.keys.admin);
    await page.keyboard.press('Enter');
    await page.getByText('No live connection').waitFor();
    await page.unroute('**/v1/changes');
    await page.clock.fastForward(16_000);
    await page.getByText('No live connection').waitFor({ state: 'detached' });
    // A refused request is a fault that the browser reports.
    dashboard.problems.splice(0);
  });

  it('loads little: what comes before the first page is shown', async () => {
    const page = await dashboard.open({ role: null, path: '/nothing-yet' });
    let bytes = 0;
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.setCacheDisabled', { cacheDisabled: true });
    session.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    await page.goto('/', { waitUntil: 'networkidle' });
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(250_000);
  });

  it('complained of nothing', () => expect(dashboard.problems).toEqual([]));
});
