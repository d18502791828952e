import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { fail, SetupError, step } from './console.mjs';
import { home, root } from './paths.mjs';
import { which } from './process.mjs';

const folder = join(root, 'docs', 'images');
/** Larger ones make a clone slow. */
const mostBytes = 150_000;

/**
 * Pages of the running installation that README and docs show. `path` may ask the API for it, for pages that are opened by a
 * signed link; `ready` is what must be seen first.
 */
const pages = [
  {
    name: 'evaluation',
    path: async (api) => {
      // The first has trained, and is judged: later ones may have had nothing new to learn.
      const { runs } = await api.get('/v1/runs?pipeline=offers&status=succeeded&sort=oldest&limit=1');
      if (!runs[0]) throw new SetupError('No run of offers has succeeded.', 'Run `perennial run offers --wait` first.');
      return (await api.post(`/v1/runs/${runs[0].id}/report/links`)).url;
    },
    ready: 'svg',
    ...{ width: 1100, height: 760, scheme: 'light' },
  },
  {
    name: 'model-card',
    path: async (api) => (await api.post('/v1/models/offers-next-products/versions/champion/card/links')).url,
    ready: 'h1',
    ...{ width: 1100, height: 760, scheme: 'light' },
  },
  {
    name: 'dashboard',
    path: '/',
    ready: 'table td button',
    ...{ width: 1280, height: 800, scheme: 'light' },
  },
  {
    name: 'dashboard-run',
    path: async (api) => {
      const { runs } = await api.get('/v1/runs?pipeline=offers&limit=1');
      if (!runs[0]) throw new SetupError('There is no run of offers.', 'Run `perennial run offers --wait` first.');
      return `/runs/${runs[0].id}`;
    },
    ready: '.react-flow__node',
    ...{ width: 1280, height: 860, scheme: 'dark' },
  },
  {
    name: 'documentation',
    path: '/documentation/explanation/architecture.html',
    ready: '.vp-doc img',
    ...{ width: 1280, height: 800, scheme: 'dark' },
  },
];

try {
  const { apiUrl } = readState();
  const api = apiOf(apiUrl, readFileSync(join(home, 'admin.key'), 'utf8').trim());
  const executablePath = which('chromium') ?? which('chromium-browser') ?? which('google-chrome');
  if (!executablePath)
    throw new SetupError('There is no Chromium.', 'Install it, for example `apt-get install chromium`.');
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  mkdirSync(folder, { recursive: true });
  try {
    for (const page of pages) await step(page.name, (say) => take(browser, api, apiUrl, page, say));
  } finally {
    await browser.close();
  }
} catch (error) {
  fail(error);
}

async function take(browser, api, apiUrl, { name, path, ready, width, height, scheme }, say) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme });
  // The dashboard asks for it; other pages do without.
  await context.request.post(new URL('/v1/session', apiUrl).href, { data: { key: api.key } });
  const tab = await context.newPage();
  await tab.goto(new URL(typeof path === 'string' ? path : await path(api), apiUrl).href);
  await tab.locator(ready).first().waitFor({ timeout: 60_000 });
  const file = join(folder, `${name}.png`);
  writeFileSync(file, await tab.screenshot({ animations: 'disabled' }));
  await context.close();
  const { size } = statSync(file);
  if (size > mostBytes)
    throw new SetupError(
      `${file} has ${size} bytes, above ${mostBytes}.`,
      'Show less of the page: lower its width or height.',
    );
  say(`${Math.round(size / 1000)} kB`);
}

function readState() {
  try {
    return JSON.parse(readFileSync(join(home, 'state.json'), 'utf8'));
  } catch {
    throw new SetupError(`Perennial does not run on ${home}.`, 'Start it: `npm start`, or `perennial up`.');
  }
}

/** The API as the administrator; answers as JSON. */
function apiOf(apiUrl, key) {
  const call = async (method, path) => {
    const response = await fetch(new URL(path, apiUrl), { method, headers: { authorization: `Bearer ${key}` } });
    const body = await response.json();
    if (!response.ok)
      throw new SetupError(`${method} ${path}: ${body.detail}`, body.remedy ?? 'See the log of the API.');
    return body;
  };
  return { key, get: (path) => call('GET', path), post: (path) => call('POST', path) };
}
