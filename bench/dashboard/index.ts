import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { newKey } from '../../api/plugins/auth.ts';
import type { Config } from '../../config/index.ts';
import { openDatabase } from '../../storage/postgres/index.ts';
import { median, rounded } from '../figures.ts';
import { ownDatabase } from '../own-database.ts';
import { startRole } from '../role-process.ts';
import { openChromium } from './chromium.ts';
import { openTimed, type PageTimes, type PageToOpen } from './page-times.ts';
import { type Smoothness, smoothnessOf, sweep, wheel } from './smoothness.ts';
import { startTemporalUi } from './temporal-ui.ts';
import { type SeededYear, seedYear, yearDays, yearRuns } from './year.ts';

export interface DashboardBenchOptions {
  /** Openings of each page, after one that does not count. */
  readonly rounds: number;
  /** Of Chromium; default: where packages put it. */
  readonly chromium?: string | undefined;
  /** The Temporal command, whose server shows the peer's page. */
  readonly temporal: string;
}

export interface DashboardBench {
  readonly runs: number;
  readonly markets: number;
  readonly days: number;
  /** By page, the median of the rounds. */
  readonly pages: Readonly<Record<string, PageTimes>>;
  /** Of the slowest page: until it answers at once. */
  readonly slowest_interactive_ms: number;
  /** By what was done with what is large. */
  readonly smooth: Readonly<Record<string, Smoothness>>;
  /** Temporal's own page of 1,000 workflows, in the same browser in turn with ours. */
  readonly temporal_ui: PageTimes;
  /** Our list of runs by Temporal's list of workflows. */
  readonly interactive_ratio: number;
  readonly kilobytes_ratio: number;
}

const loading = '[data-loading]';
const namespace = 'perennial-bench';

/**
 * Opens pages of the dashboard over a year of an installation, 10,000 runs and 50 markets, in a browser that was never there
 * before, and uses the large ones: scrolls the list of runs to its end, the matrix through its year, and moves the pointer over
 * 10,000 points. The API is a process of its own; the database is too, and is removed afterwards.
 *
 * @throws DATA_MISSING without Chromium or the package that drives it.
 */
export async function benchDashboard(
  config: Config,
  { rounds, chromium, temporal }: DashboardBenchOptions,
  report: (line: string) => void,
): Promise<DashboardBench> {
  const browser = await openChromium(chromium);
  const folder = mkdtempSync(join(tmpdir(), 'perennial-bench-'));
  const { url, drop } = await ownDatabase(config.databaseUrl ?? '');
  const peer = await startTemporalUi(temporal, folder);
  const stop: (() => Promise<void>)[] = [];
  try {
    const year = await seedYear({ url, now: new Date() });
    report(`${yearRuns} runs and ${year.markets.length} markets × ${yearDays} days are there`);
    const own = { ...config, databaseUrl: url, temporalAddress: peer.address, temporalNamespace: namespace };
    const api = await startRole({ ...own, home: folder }, 'api', 'dashboard');
    stop.push(api.stop);
    const ours = await pagesOf(api.url, url, year);
    const pages: Record<string, PageTimes> = {};
    const theirs: PageTimes[] = [];
    const peerTimes = async (): Promise<void> => {
      theirs.push(await timed(browser, peer.page));
    };
    for (const [name, page] of Object.entries(ours)) {
      const times: PageTimes[] = [];
      for (let n = 0; n <= rounds; n++) {
        times.push(await timed(browser, page));
        if (name === 'runs') await peerTimes();
      }
      pages[name] = medianOf(times.slice(1));
      report(`${name}: ${JSON.stringify(pages[name])}`);
    }
    const temporalUi = medianOf(theirs.slice(1));
    report(`temporal-ui: ${JSON.stringify(temporalUi)}`);
    const smooth = await handleLargeOnes(browser, ours, report);
    const runs = pages['runs'] as PageTimes;
    return {
      ...{ runs: yearRuns, markets: year.markets.length, days: yearDays },
      pages,
      slowest_interactive_ms: Math.max(...Object.values(pages).map(({ interactive_ms }) => interactive_ms)),
      smooth,
      temporal_ui: temporalUi,
      interactive_ratio: rounded(runs.interactive_ms / temporalUi.interactive_ms, 2),
      kilobytes_ratio: rounded(runs.kilobytes / temporalUi.kilobytes, 2),
    };
  } finally {
    await browser.close();
    for (const end of stop) await end();
    await peer.stop();
    await drop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Pages that show what a year leaves behind, by name. */
async function pagesOf(api: string, database: string, { markets }: SeededYear): Promise<Record<string, PageToOpen>> {
  const opened = await openDatabase({ url: database, pool: 1 });
  const { key, hash } = newKey();
  await opened.keys.create({ name: 'bench dashboard', role: 'admin', hash, expiresAt: null });
  const [newest] = (await opened.runs.list({ pipeline: 'offers' }, { limit: 1 })).runs;
  await opened.close();
  const page = (path: string, ready: string): PageToOpen => ({
    ...{ url: `${api}${path}`, ready, loading },
    signIn: async (context) => {
      const answer = await context.request.post(`${api}/v1/session`, { data: { key } });
      if (answer.status() !== 201) throw new Error(`The session was refused: ${await answer.text()}`);
    },
  });
  return {
    today: page('/', 'h1'),
    'today-year': page('/?days=365', 'table td button'),
    runs: page('/runs', 'tr[data-row]'),
    run: page(`/runs/${newest?.id}`, '.react-flow__node'),
    'pipeline-durations': page('/pipelines/offers?tab=runs&days=365', 'canvas'),
    'market-offers': page(`/offers/markets/${encodeURIComponent(markets[0] ?? '')}?tab=offers`, 'tr[data-row]'),
    'market-quality': page(`/offers/markets/${encodeURIComponent(markets[0] ?? '')}?tab=quality`, 'canvas'),
    system: page('/system', 'h1'),
  };
}

async function timed(browser: Browser, page: PageToOpen): Promise<PageTimes> {
  const { page: _, close, ...times } = await openTimed(browser, page);
  await close();
  return times;
}

function medianOf(times: readonly PageTimes[]): PageTimes {
  const of = (name: keyof PageTimes): number => Math.round(median(times.map((one) => one[name])));
  return {
    frame_ms: of('frame_ms'),
    content_ms: of('content_ms'),
    interactive_ms: of('interactive_ms'),
    kilobytes: of('kilobytes'),
  };
}

/** Handles the pages whose content is large as somebody does who looks for something. */
async function handleLargeOnes(
  browser: Browser,
  pages: Readonly<Record<string, PageToOpen>>,
  report: (line: string) => void,
): Promise<Record<string, Smoothness>> {
  const uses: readonly [name: string, page: string, place: string, (page: Page) => Promise<void>][] = [
    ['scroll_runs', 'runs', '[data-list]', (page) => wheel(page, { y: 60_000 }, 300)],
    ['scroll_matrix', 'today-year', 'table td button', (page) => wheel(page, { x: -11_000 }, 150)],
    ['sweep_durations', 'pipeline-durations', '.u-over', (page) => sweep(page, '.u-over', 200)],
  ];
  const found: Record<string, Smoothness> = {};
  for (const [name, at, place, use] of uses) {
    const { page, close } = await openTimed(browser, pages[at] as PageToOpen);
    await page.locator(place).first().hover();
    found[name] = await smoothnessOf(page, () => use(page));
    report(`${name}: ${JSON.stringify(found[name])}`);
    await close();
  }
  return found;
}
