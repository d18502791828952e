import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PipelineDeadline } from '../../domain/dag/definition.ts';
import { definePipeline } from '../../domain/dag/index.ts';
import { applyDeadlines, sweepDeadlines } from '../../domain/deadlines/index.ts';
import { daily, deadlinePipelines, markets } from '../support/deadlines.ts';
import { type OpenApi, openApi } from './support.ts';

let now = new Date('2027-01-11T12:00:00Z');
const clock = { now: () => now };
let api: OpenApi;
beforeAll(async () => {
  api = await openApi({ pipelines: deadlinePipelines, clock });
});
afterAll(() => api.close());

const good = { id: 'good', pipeline: 'markets', key: 'DE', by: '07:00', zone: 'Europe/Berlin' };
const call = async (method: string, path: string, body?: unknown, key = api.keys.operator) => {
  const response = await api.call(method, path, { key, ...(body === undefined ? {} : { body }) });
  return { status: response.statusCode, body: response.body === '' ? null : response.json() };
};
const sweep = (schedules = []) =>
  sweepDeadlines(
    { pipelines: deadlinePipelines, deadlines: api.database.deadlines, schedules: { list: async () => schedules } },
    now,
  );

describe('a deadline', () => {
  it('is made, shown with how today stands, replaced and removed', async () => {
    const made = await call('POST', '/v1/deadlines', good);
    expect(made).toMatchObject({
      status: 201,
      body: {
        id: 'good',
        origin: 'api',
        definition: { ...good, days: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'], dayOffset: 0, warnAhead: '1d' },
        today: null,
        next: { day: '2027-01-12', dueAt: '2027-01-12T06:00:00.000Z' },
      },
    });
    expect(await call('POST', '/v1/deadlines', good)).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
    now = new Date('2027-01-12T06:30:00Z');
    await sweep();
    const { body } = await call('GET', '/v1/deadlines', undefined, api.keys.viewer);
    expect(body.deadlines).toMatchObject([
      { id: 'good', today: { day: '2027-01-12', status: 'missed' }, next: { day: '2027-01-13' } },
    ]);
    // The same again changes nothing; another time begins from now on, and what was missed stays so.
    const same = await call('PUT', '/v1/deadlines/good', good);
    expect(same).toMatchObject({ status: 200, body: { created: false, since: made.body.since } });
    const later = await call('PUT', '/v1/deadlines/good', { ...good, id: undefined, by: '08:00', days: ['WED'] });
    expect(later).toMatchObject({ status: 200, body: { since: now.toISOString(), today: { status: 'missed' } } });
    now = new Date('2027-01-13T07:30:00Z');
    await sweep();
    expect((await call('GET', '/v1/deadlines/good/days?limit=1')).body).toMatchObject({
      days: [{ day: '2027-01-13', status: 'missed', dueAt: '2027-01-13T07:00:00.000Z' }],
      next: '2027-01-13',
    });
    expect((await call('GET', '/v1/deadlines/good/days?before=2027-01-13')).body).toMatchObject({
      days: [{ day: '2027-01-12', dueAt: '2027-01-12T06:00:00.000Z' }],
      next: null,
    });
    expect((await call('DELETE', '/v1/deadlines/good')).status).toBe(204);
    expect(await call('GET', '/v1/deadlines/good')).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    const { events } = (await call('GET', '/v1/events?source=/deadlines/good')).body;
    expect(events.map((event: { id: string }) => event.id).sort()).toEqual(['2027-01-12/missed', '2027-01-13/missed']);
  });

  it.each([
    ['zone', { zone: 'Europe/Berlinn' }],
    ['by', { by: '24:00' }],
    ['by', { by: '7:00' }],
    ['pipeline', { pipeline: 'nothing' }],
    ['key', { pipeline: 'daily' }],
    ['key', { pipeline: 'plain' }],
    ['key', { key: 'de' }],
    ['dayOffset', { pipeline: 'plain', key: undefined, dayOffset: -1 }],
    ['days', { days: ['MON', 'MON'] }],
    ['days.0', { days: ['MONDAY'] }],
    ['warnAhead', { warnAhead: '8d' }],
    ['id', { id: 'diff' }],
    ['until', { until: '08:00' }],
  ])('is refused with the field %s named: %j', async (field, given) => {
    const { status, body } = await call('POST', '/v1/deadlines', { ...good, ...given });
    expect([status, body.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect(body.fields ?? body.errors).toContainEqual(
      expect.objectContaining({ field: expect.stringContaining(field) }),
    );
    expect(await api.database.deadlines.list()).toEqual([]);
  });

  it('takes an operator to make and a viewer to see; a path and a body that disagree are refused', async () => {
    expect((await call('POST', '/v1/deadlines', good, api.keys.viewer)).status).toBe(403);
    expect((await call('DELETE', '/v1/deadlines/good', undefined, api.keys.viewer)).status).toBe(403);
    expect((await call('PUT', '/v1/deadlines/other', good)).body.code).toBe('VALIDATION_FAILED');
    expect((await call('GET', '/v1/deadlines/none/days')).status).toBe(404);
  });
});

describe('deadlines of the code', () => {
  const apply = (deadlines: readonly PipelineDeadline[]) => {
    const pipelines = new Map([['markets', { ...markets, deadlines }]]);
    return applyDeadlines({ pipelines, deadlines: api.database.deadlines, lock: api.database.lock, clock });
  };
  const ofCode = { id: 'of-code', by: '07:00', zone: 'Europe/Berlin' };

  it('are applied, changed and removed with the code; those made by API stay', async () => {
    await call('POST', '/v1/deadlines', { ...good, id: 'by-api' });
    expect(await apply([ofCode, { ...ofCode, id: 'by-api' }])).toMatchObject([
      { id: 'by-api', kind: 'conflict' },
      { id: 'of-code', kind: 'add' },
    ]);
    expect(await apply([ofCode])).toEqual([]);
    const put = await call('PUT', '/v1/deadlines/of-code', { ...good, id: 'of-code' });
    const removed = await call('DELETE', '/v1/deadlines/of-code');
    expect([put.status, removed.status, removed.body.code]).toEqual([409, 409, 'CONFLICT']);
    expect(await apply([{ ...ofCode, by: '08:00' }])).toEqual([
      { id: 'of-code', kind: 'change', fields: [{ field: 'by', from: '07:00', to: '08:00' }] },
    ]);
    expect((await call('GET', '/v1/deadlines/diff')).body.changes).toMatchObject([{ id: 'of-code', kind: 'remove' }]);
    expect(await apply([])).toMatchObject([{ id: 'of-code', kind: 'remove' }]);
    expect((await api.database.deadlines.list()).map(({ id }) => id)).toEqual(['by-api']);
  });

  it('that cannot be are refused when the pipeline is defined', () => {
    const deadlines = [{ ...ofCode, zone: 'Nowhere' }, ofCode, { ...ofCode, key: 'DE' }];
    expect(() => definePipeline({ ...daily, deadlines })).toThrowError(
      expect.objectContaining({
        code: 'DEFINITION_INVALID',
        fields: expect.arrayContaining([
          expect.objectContaining({ field: 'deadlines.0.zone' }),
          expect.objectContaining({ field: 'deadlines.1.id' }),
          expect.objectContaining({ field: 'deadlines.2.key' }),
        ]),
      }),
    );
  });
});
