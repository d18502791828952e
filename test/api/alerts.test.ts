import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyAlerts } from '../../domain/alerts/index.ts';
import { definePipeline } from '../../domain/dag/index.ts';
import { deadlinePipelines, plain } from '../support/deadlines.ts';
import { type OpenApi, openApi } from './support.ts';

let api: OpenApi;
beforeAll(async () => {
  api = await openApi({ pipelines: deadlinePipelines });
});
afterAll(() => api.close());

const call = async (method: string, path: string, body?: unknown, key = api.keys.operator) => {
  const response = await api.call(method, path, { key, ...(body === undefined ? {} : { body }) });
  return { status: response.statusCode, body: response.body === '' ? null : response.json() };
};
const good = { id: 'good', severity: 'warning', when: { kind: 'metric', metric: 'coverage', below: 0.4, windows: 2 } };
const apply = (...alerts: NonNullable<(typeof plain)['alerts']>) =>
  applyAlerts({
    ...api.database,
    pipelines: new Map([['plain', { ...plain, alerts }]]),
    clock: { now: () => new Date() },
  });

describe('an alert definition', () => {
  it('is made with its defaults, replaced as its next version, disabled with a note and removed', async () => {
    const made = await call('POST', '/v1/alert-definitions', good);
    expect(made).toMatchObject({
      status: 201,
      body: {
        version: 1,
        origin: 'api',
        enabled: true,
        definition: {
          ...good,
          when: { ...good.when, of: 'kpi' },
          for: '0s',
          groupBy: ['pipeline', 'market'],
          escalateAfter: null,
        },
      },
    });
    expect((await call('POST', '/v1/alert-definitions', good)).body.code).toBe('CONFLICT');
    expect((await call('PUT', '/v1/alert-definitions/good', good)).body).toMatchObject({ version: 1, created: false });
    const next = await call('PUT', '/v1/alert-definitions/good', { ...good, id: undefined, severity: 'critical' });
    expect(next.body).toMatchObject({ version: 2, created: false, definition: { escalateAfter: '30m' } });
    const off = await call('POST', '/v1/alert-definitions/good/disable', { note: 'too loud' });
    expect(off.body).toMatchObject({ enabled: false, note: 'too loud' });
    expect((await call('DELETE', '/v1/alert-definitions/good')).status).toBe(204);
    expect((await call('GET', '/v1/alert-definitions/good')).body.code).toBe('NOT_FOUND');
  });

  it.each([
    ['when', { when: { kind: 'nothing' } }],
    ['when', { when: { kind: 'metric', metric: 'coverage' } }],
    ['when.metric', { when: { kind: 'metric', of: 'run', metric: 'coverage', below: 1 } }],
    ['when.after', { when: { kind: 'worker-dead', after: '5s' } }],
    ['severity', { severity: 'loud' }],
    ['for', { for: 'a while' }],
    ['escalateAfter', { escalateAfter: '10s' }],
    ['id', { id: 'diff' }],
    ['whom', { whom: 'me' }],
  ])('is refused with the field %s named: %j', async (field, given) => {
    const { status, body } = await call('POST', '/v1/alert-definitions', { ...good, ...given });
    expect([status, body.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect(body.errors).toContainEqual(expect.objectContaining({ field: expect.stringContaining(field) }));
  });

  it('of the code comes with the built-in ones, can be disabled and not changed here; one made by API stays', async () => {
    await call('POST', '/v1/alert-definitions', { ...good, id: 'mine' });
    const changes = await apply({ ...good, id: 'run-late', severity: 'info', when: { kind: 'run-late', factor: 3 } });
    expect(changes.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['run-failed', 'worker-dead', 'deadline-missed']),
    );
    // One of a pipeline takes the place of the built-in one of its id, and looks at its pipeline.
    expect((await call('GET', '/v1/alert-definitions/run-late')).body).toMatchObject({
      origin: 'code',
      definition: { severity: 'info', pipelines: ['plain'], when: { factor: 3 } },
    });
    expect((await call('PUT', '/v1/alert-definitions/run-failed', { ...good, id: 'run-failed' })).body.code).toBe(
      'CONFLICT',
    );
    expect((await call('DELETE', '/v1/alert-definitions/run-failed')).body.code).toBe('CONFLICT');
    expect((await call('POST', '/v1/alert-definitions/run-failed/disable', { note: 'n' })).body.enabled).toBe(false);
    expect(await apply()).toMatchObject([{ id: 'run-late', kind: 'change' }]);
    expect(await apply()).toEqual([]);
    const { definitions } = (await call('GET', '/v1/alert-definitions', undefined, api.keys.viewer)).body;
    expect(definitions.find(({ id }: { id: string }) => id === 'run-failed')).toMatchObject({ enabled: false });
    expect(definitions.find(({ id }: { id: string }) => id === 'mine')).toMatchObject({ origin: 'api' });
  });

  it('that cannot be is refused when the pipeline is defined', () => {
    const alerts = [{ id: 'bad', severity: 'info', when: { kind: 'event', type: 'x', keep: '1s' } }] as const;
    expect(() => definePipeline({ ...plain, alerts })).toThrowError(
      expect.objectContaining({
        code: 'DEFINITION_INVALID',
        fields: [expect.objectContaining({ field: 'alerts.0.when.keep' })],
      }),
    );
  });
});

describe('a channel', () => {
  it.each([
    ['settings.to', { kind: 'email' }],
    ['url', { kind: 'email', settings: { to: ['a@example.com'] }, url: 'https://example.com' }],
    ['url', { kind: 'slack' }],
    ['url', { kind: 'webhook', url: 'ftp://example.com' }],
    ['settings.to', { kind: 'slack', url: 'https://example.com', settings: { to: ['a@example.com'] } }],
    ['to.0', { kind: 'email', settings: { to: ['nobody'] } }],
    ['settings.digest', { kind: 'slack', url: 'https://example.com', settings: { topics: ['digest'] } }],
    ['zone', { kind: 'slack', url: 'https://example.com', settings: { digest: { at: '07:00', zone: 'Nowhere' } } }],
  ])('is refused with the field %s named: %j', async (field, given) => {
    const { status, body } = await call('POST', '/v1/channels', { id: 'bad', ...given }, api.keys.admin);
    expect([status, body.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect(body.errors).toContainEqual(expect.objectContaining({ field: expect.stringContaining(field) }));
  });

  it('takes an administrator; its address and secret are never shown, nor written to the audit log', async () => {
    const url = 'https://hooks.example.com/services/very-secret';
    const given = { id: 'pager', kind: 'webhook', url, settings: { severities: ['critical'] } };
    expect((await call('POST', '/v1/channels', given)).status).toBe(403);
    const made = await call('POST', '/v1/channels', given, api.keys.admin);
    expect(made.body).toMatchObject({
      target: 'hooks.example.com',
      settings: { topics: ['alerts', 'escalations'], resolved: true },
    });
    expect(made.body.signingSecret).toMatch(/^whsec_/);
    const rotated = await call('POST', '/v1/channels/pager/rotate', undefined, api.keys.admin);
    expect(rotated.body.signingSecret).not.toBe(made.body.signingSecret);
    await call('PATCH', '/v1/channels/pager', { url: `${url}-2` }, api.keys.admin);
    expect(await api.database.channels.secret('pager')).toEqual({
      url: `${url}-2`,
      signingSecret: rotated.body.signingSecret,
    });
    expect((await api.call('GET', '/v1/channels/pager', { key: api.keys.viewer })).body).not.toContain('very-secret');
    expect((await call('DELETE', '/v1/channels/pager', undefined, api.keys.admin)).status).toBe(204);
  });

  it('of mail needs a mail server', async () => {
    const without = await openApi({ hasMailer: false });
    const body = { id: 'mail', kind: 'email', settings: { to: ['a@example.com'] } };
    const response = await without.call('POST', '/v1/channels', { body });
    expect(response.json()).toMatchObject({
      code: 'CONFIG_INVALID',
      remedy: expect.stringContaining('PERENNIAL_SMTP_URL'),
    });
    await without.close();
  });
});

it('a silence has an end within 90 days, a reason and something that it matches', async () => {
  const until = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  const match = { pipeline: 'offers', market: 'Fr*' };
  const made = await call('POST', '/v1/silences', { match, until: until(1), reason: 'the source moves' });
  expect(made).toMatchObject({ status: 201, body: { match, by: 'operator of the test', endedAt: null } });
  for (const bad of [
    { match, until: until(-1), reason: 'r' },
    { match, until: until(91), reason: 'r' },
    { match: {}, until: until(1), reason: 'r' },
    { match, until: until(1) },
  ])
    expect((await call('POST', '/v1/silences', bad)).body.code).toBe('VALIDATION_FAILED');
  expect((await call('POST', '/v1/silences', { match, until: until(1), reason: 'r' }, api.keys.viewer)).status).toBe(
    403,
  );
  expect((await call('GET', '/v1/silences')).body.silences).toHaveLength(1);
  expect((await call('DELETE', `/v1/silences/${made.body.id}`)).body.endedAt).not.toBeNull();
  expect((await call('DELETE', `/v1/silences/${made.body.id}`)).body.code).toBe('CONFLICT');
  expect((await call('GET', '/v1/silences')).body.silences).toEqual([]);
  expect((await call('GET', '/v1/silences?all=true')).body.silences).toHaveLength(1);
});

it('whether anybody watches can be asked from outside, without a key', async () => {
  expect((await api.call('GET', '/health/alerts', { key: null })).statusCode).toBe(503);
  await api.database.alerts.claimRound('events@host:1', 0);
  const response = await api.call('GET', '/health/alerts', { key: null });
  expect([response.statusCode, response.json().status]).toEqual([200, 'ok']);
});
