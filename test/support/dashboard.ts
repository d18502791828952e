import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { chromiumPath, openChromium } from '../../bench/dashboard/chromium.ts';
import type { Role } from '../../contracts/keys.ts';
import { type OpenApi, openApi } from '../api/support.ts';
import { seedSchedules } from './month/schedules.ts';
import { type SeededMonth, seedLists, seedMonth, seedSales } from './month.ts';
import { ownTemporal } from './own-temporal.ts';

const folder = fileURLToPath(new URL('../../dist/dashboard', import.meta.url));

export interface DashboardView {
  /** From the root on. */
  readonly path?: string;
  /** Default 1440. */
  readonly width?: number;
  /** Default light. */
  readonly scheme?: 'light' | 'dark';
  /** Of the key that is signed in with; null: nobody is. Default admin. */
  readonly role?: Role | null;
}

/** The built dashboard in a browser, over an API with a month of an installation that is used. */
export interface OpenDashboard {
  readonly api: OpenApi;
  readonly month: SeededMonth;
  readonly origin: string;
  /** What the pages wrote to the console as warnings and errors, and asked for from elsewhere. */
  readonly problems: string[];
  /** A page of a browser of its own, which is closed with the dashboard. */
  open(view?: DashboardView): Promise<Page>;
  close(): Promise<void>;
}

/** Whether browser tests can run on this machine. */
export const hasBrowser = chromiumPath !== null;

/** @param now the present of the month; default: now. */
export async function openDashboard(now = new Date()): Promise<OpenDashboard> {
  if (!existsSync(folder)) throw new Error('The dashboard is not built: node setup/build.mjs');
  const { temporal } = await ownTemporal();
  const { launcher, schedules, backfillLauncher, rolloutLauncher, retrainingLauncher } = temporal;
  const launchers = { launcher, schedules, backfillLauncher, rolloutLauncher, retrainingLauncher };
  const api = await openApi({ dashboard: folder, ...launchers });
  const month = await seedMonth(api.database, { url: api.url, now });
  await seedLists(api.lake, month);
  await seedSales(api.lake, month);
  await seedSchedules(api.database, schedules, now);
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  const origin = `http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}`;
  const browser: Browser = await openChromium();
  const problems: string[] = [];
  return {
    api,
    month,
    origin,
    problems,
    async open({ path = '/', width = 1440, scheme = 'light', role = 'admin' } = {}) {
      const context = await browser.newContext({
        viewport: { width, height: 900 },
        colorScheme: scheme,
        baseURL: origin,
      });
      if (role !== null) await signIn(context, role);
      const page = await context.newPage();
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) problems.push(`${page.url()}: ${message.text()}`);
      });
      page.on('pageerror', (error) => problems.push(`${page.url()}: ${error.message}`));
      page.on('request', (request) => {
        if (!/^(?:data|blob):/.test(request.url()) && !request.url().startsWith(origin)) problems.push(request.url());
      });
      await page.goto(path);
      return page;
    },
    async close() {
      await browser.close();
      await api.close();
      await temporal.close();
    },
  };

  async function signIn(context: BrowserContext, role: Role): Promise<void> {
    const response = await context.request.post('/v1/session', { data: { key: api.keys[role] } });
    if (response.status() !== 201) throw new Error(`Signing in failed: ${await response.text()}`);
  }
}
