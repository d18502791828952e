import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Alert } from '../../contracts/alerts.ts';
import { type OpenApi, openApi } from '../api/support.ts';
import { perennial } from '../support/perennial.ts';

let api: OpenApi;
let env: Record<string, string>;
const home = mkdtempSync(join(tmpdir(), 'perennial-alerts-'));
beforeAll(async () => {
  api = await openApi();
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = api.app.server.address() as AddressInfo;
  env = { PERENNIAL_URL: `http://127.0.0.1:${port}`, PERENNIAL_API_KEY: api.keys.admin, PERENNIAL_HOME: home };
});
afterAll(async () => {
  await api.close();
  rmSync(home, { recursive: true, force: true });
});

/** The command's standard output. */
const told = async (...args: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await perennial(args, env);
  expect([code, stderr]).toEqual([0, '']);
  return stdout;
};
const at = new Date().toISOString();
const alert: Alert = {
  id: 'a-1',
  definition: 'run-failed',
  definitionVersion: 1,
  key: 'offers/France',
  pipeline: 'offers',
  market: 'France',
  severity: 'warning',
  state: 'firing',
  text: {
    title: 'Offers, France: a run failed',
    what: 'Run 1 of offers failed.',
    affects: ['Offers: France.'],
    firstStep: 'Free some space.',
    command: 'perennial runs retry 1',
  },
  findings: [],
  findingCount: 1,
  since: at,
  firedAt: at,
  acknowledgedAt: null,
  acknowledgedBy: null,
  escalatedAt: null,
  resolvedAt: null,
  resolution: null,
  silencedBy: null,
  notifiedAt: null,
};

it('alerts are listed, read, taken over, silenced and resolved', async () => {
  expect(await told('alerts')).toBe('No alerts.\n');
  await api.database.alerts.save(alert, 0, [{ at, kind: 'fired', by: null, note: '' }], [], new Date(at));
  expect(await told('alerts')).toMatch(/a-1 +warning +firing .* Offers, France: a run failed/);
  const shown = await told('alerts', 'show', 'a-1');
  for (const part of [
    alert.text.what,
    'Affects:',
    'Offers: France.',
    'First thing to do: Free some space.',
    'perennial runs retry 1',
  ])
    expect(shown).toContain(part);
  expect(await told('alerts', 'ack', 'a-1', '--note', 'on it')).toContain('admin of the test takes care of');
  expect(JSON.parse(await told('--json', 'alerts', 'ls'))).toMatchObject({
    alerts: [{ state: 'acknowledged' }],
    next: null,
  });
  expect(await told('alerts', 'silence', '--pipeline', 'offers', '--for', '2h', '--reason', 'move')).toMatch(
    /^Silenced until .* UTC: pipeline offers\.\n$/,
  );
  const [silence] = JSON.parse(await told('--json', 'alerts', 'silences')).silences;
  expect(await told('alerts', 'unsilence', silence.id)).toBe('No longer silenced: pipeline offers.\n');
  expect(await told('alerts', 'resolve', 'a-1', '--note', 'done')).toBe('Over: Offers, France: a run failed\n');
  expect(await told('alerts', 'ls', '--all')).toMatch(/a-1 .* resolved/);
});

it('definitions come from a file, and channels are made with where they go', async () => {
  const file = join(home, 'alerts.yaml');
  writeFileSync(
    file,
    'id: low-coverage\nseverity: warning\nwhen: {kind: metric, metric: coverage, below: 0.4, windows: 2}\n',
  );
  expect(await told('alerts', 'apply', file)).toBe('low-coverage: made: coverage below 0.4 2 days in a row\n');
  expect(await told('alerts', 'disable', 'low-coverage', '--note', 'new model')).toContain('is off: new model');
  expect(await told('alerts', 'definitions')).toMatch(/low-coverage +warning .* off: new model/);
  const made = await told(
    'channels',
    'add',
    'sales',
    'email',
    '--to',
    'a@example.com',
    '--to',
    'b@example.com',
    '--digest-at',
    '07:30',
    '--zone',
    'Europe/Berlin',
  );
  expect(made).toContain(
    'Made: sales (email to a@example.com, b@example.com), told about alerts, escalations, digest.',
  );
  const hook = await told(
    'channels',
    'add',
    'pager',
    'webhook',
    '--url',
    'https://example.com/x',
    '--severity',
    'critical',
  );
  expect(hook).toMatch(/secret \(shown once\): whsec_/);
  expect(await told('channels')).toMatch(
    /sales +email +a@example\.com, b@example\.com +alerts, escalations, digest +07:30 Europe\/Berlin +on/,
  );
  await told('channels', 'test', 'pager');
  expect(await told('notifications')).toMatch(/pager +test +waiting +0 +Test of the channel/);
  expect(await told('channels', 'rm', 'pager')).toBe('pager is removed.\n');
  expect(await told('workers')).toContain('Nobody has looked at alerts yet.');
});
