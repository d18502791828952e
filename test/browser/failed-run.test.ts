import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasBrowser, type OpenDashboard, openDashboard } from '../support/dashboard.ts';
import { runIds } from '../support/month.ts';

/** A person on the page: counts what it costs them. */
function person(page: Page) {
  let clicks = 0;
  return {
    get clicks() {
      return clicks;
    },
    async click(role: 'link' | 'button', name: string | RegExp, within = page.locator('body')) {
      clicks += 1;
      await within
        .getByRole(role, { name, exact: typeof name === 'string' })
        .first()
        .click();
    },
  };
}

const mostClicks = 5;

describe.skipIf(!hasBrowser)('a run that failed', () => {
  let dashboard: OpenDashboard;
  beforeAll(async () => {
    dashboard = await openDashboard();
  });
  afterAll(async () => dashboard?.close());

  /** On the first screen of a run: what failed, where, why, whose fault it is and what to do. */
  async function isUnderstood(page: Page, said: readonly (string | RegExp)[]): Promise<void> {
    const why = page.getByRole('region', { name: 'Why it failed' });
    await why.waitFor();
    const box = await why.boundingBox();
    expect((box?.y ?? 1e6) + (box?.height ?? 0)).toBeLessThan(900);
    const text = (await why.textContent()) ?? '';
    for (const part of said) expect(text).toMatch(part);
  }

  async function isRetried(page: Page, id: string): Promise<void> {
    await page.getByText(/Queued for/).waitFor();
    expect(await dashboard.api.database.runs.get(id)).toMatchObject({ status: 'queued', execution: 2 });
  }

  it('is found among the runs, understood, and retried from the step that failed', async () => {
    const page = await dashboard.open({ path: '/runs', role: 'operator' });
    const user = person(page);
    await user.click('button', 'Failed');
    await page.waitForURL(/status=failed/);
    await user.click('link', 'translation', page.getByRole('row', { name: /loss is not a number/ }));
    await isUnderstood(page, [
      /loss is not a number/,
      /Step train-general/,
      /PROGRAM_FAILED/,
      /lower rate/,
      /fault of the step/,
    ]);
    await user.click('button', 'Retry from train-general');
    expect(await page.getByRole('alertdialog').textContent()).toContain('Nothing that succeeded is done twice.');
    await user.click('button', 'Retry');
    await isRetried(page, runIds.failedTranslation);
    const steps = await dashboard.api.database.runs.steps(runIds.failedTranslation);
    const statuses = Object.fromEntries(steps.filter((s) => s.mapKey === '').map((s) => [s.stepId, s.status]));
    expect(statuses).toMatchObject({ ingest: 'succeeded', 'train-general': 'pending' });
    expect(user.clicks).toBeLessThanOrEqual(mostClicks);
  });

  it('is found from today, understood, and retried', async () => {
    const page = await dashboard.open({ path: '/', role: 'operator' });
    const user = person(page);
    await user.click('link', /Germany.*failed/i, page.getByRole('region', { name: 'Needs a person' }));
    if (!page.url().includes('/runs/')) await user.click('link', /^run /, page.locator('main'));
    await isUnderstood(page, [
      /killed at 2,048 MiB/,
      /predict \(Germany\)/,
      /STEP_CRASHED/,
      /Raise memoryMiB/,
      /Something around/,
    ]);
    await user.click('button', 'Retry from predict');
    await user.click('button', 'Retry');
    await isRetried(page, runIds.failedMarket);
    expect(user.clicks).toBeLessThanOrEqual(mostClicks);
  });
});
