import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunChange } from '../../contracts/activities.ts';
import { workflowIdOf } from '../../contracts/names.ts';
import { type OpenApi, openApi } from './support.ts';

let api: OpenApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const start = async (body: object = {}): Promise<{ id: string }> =>
  (await api.call('POST', '/v1/runs', { body: { pipeline: 'offers', ...body } })).json();
/** A run as workers would leave it: `ingest` succeeded, `validate` failed, the rest was blocked. */
const failedRun = async (body: object = {}): Promise<string> => {
  const { id } = await start(body);
  const step = (stepId: string, status: 'succeeded' | 'failed' | 'skipped'): RunChange => ({
    kind: 'step',
    stepId,
    mapKey: '',
    status,
  });
  const run = await api.database.runs.get(id);
  const others = (run?.plan.steps ?? []).map((s) => s.id).filter((s) => s !== 'ingest' && s !== 'validate');
  await api.database.runs.apply(id, [
    step('ingest', 'succeeded'),
    step('validate', 'failed'),
    ...others.map((s) => step(s, 'skipped')),
    { kind: 'run', status: 'failed' },
  ]);
  return id;
};
const control = (id: string, action: string, body?: unknown) =>
  api.call('POST', `/v1/runs/${id}/${action}`, body === undefined ? {} : { body });

describe('control of a run', () => {
  it('retries what failed and shows it queued as its second execution', async () => {
    const id = await failedRun();
    const response = await control(id, 'retry');
    expect(response.statusCode).toBe(202);
    expect(response.json()).toMatchObject({ id, status: 'queued', execution: 2, finishedAt: null, error: null });
    const { steps } = (await api.call('GET', `/v1/runs/${id}`)).json<{ steps: { stepId: string; status: string }[] }>();
    const statusOf = Object.fromEntries(steps.map((s) => [s.stepId, s.status]));
    expect(statusOf).toMatchObject({ ingest: 'succeeded', validate: 'pending', report: 'pending' });
  });

  it('says why it does not do what makes no sense now', async () => {
    const { id } = await start();
    const ended = await failedRun();
    await api.database.runs.apply(ended, []);
    for (const [run, action, body, detail] of [
      [id, 'retry', {}, 'is queued: there is nothing to retry yet'],
      [id, 'rerun', {}, 'its outputs are not complete'],
      [id, 'skip', { step: 'nope', reason: 'r' }, 'there is no step "nope"'],
      [ended, 'pause', { reason: 'r' }, 'has ended already'],
      [ended, 'resume', undefined, 'has ended already'],
      [ended, 'skip', { step: 'report', reason: 'r' }, 'has ended already'],
      [ended, 'retry', { from: ['nope'] }, 'there is no step "nope"'],
      [ended, 'retry', { skip: [{ step: 'ingest', reason: 'r' }] }, 'step "ingest" would not run again'],
      [ended, 'rerun', { from: ['report'], code: 'run' }, 'steps.validate failed in that run'],
      [ended, 'rerun', { from: ['report'], params: { topK: 5 } }, 'params: cannot change'],
      [ended, 'rerun', { params: { topK: -5 } }, 'topK = -5'],
    ] as const) {
      const response = await control(run, action, body);
      const problem = response.json<{ detail: string; remedy: string; code: string }>();
      expect({ action, status: response.statusCode, detail: problem.detail }).toMatchObject({
        detail: expect.stringContaining(detail),
      });
      expect([400, 409, 422]).toContain(response.statusCode);
      expect(problem.remedy).toBeTruthy();
    }
  });

  it('ends a run that has no workflow when it is cancelled, and refuses to tell it anything else', async () => {
    const { id } = await start();
    await api.database.runs.apply(id, [{ kind: 'run', status: 'running' }]);
    await api.temporal.client.workflow.getHandle(workflowIdOf(id)).terminate('by a test');
    const paused = (await control(id, 'pause', { reason: 'r' })).json<{ status: number; detail: string }>();
    expect(paused).toMatchObject({ status: 409, detail: expect.stringContaining('its workflow has ended') });
    expect((await control(id, 'cancel')).statusCode).toBe(202);
    expect(await api.database.runs.get(id)).toMatchObject({ status: 'cancelled' });
    expect((await control(id, 'retry')).json()).toMatchObject({ status: 'queued', execution: 2 });
  });

  it('wants a reason of people, and the role of an operator', async () => {
    const { id } = await start();
    expect((await control(id, 'pause', {})).json()).toMatchObject({ detail: expect.stringContaining('reason') });
    expect((await control(id, 'pause', { reason: 'r', mode: 'hard' })).statusCode).toBe(400);
    for (const action of ['cancel', 'pause', 'resume', 'skip', 'retry', 'rerun']) {
      const response = await api.call('POST', `/v1/runs/${id}/${action}`, { key: api.keys.viewer, body: {} });
      expect(response.statusCode, action).toBe(403);
    }
  });

  it('starts a new run from an ended one, with its outputs', async () => {
    const id = await failedRun();
    const response = await control(id, 'rerun', { from: ['validate'] });
    expect(response.statusCode).toBe(202);
    const made = response.json<{ id: string }>();
    expect(response.headers['location']).toBe(`/v1/runs/${made.id}`);
    expect(made).toMatchObject({ parentId: id, trigger: { kind: 'rerun' }, execution: 1 });
    const { steps } = (await api.call('GET', `/v1/runs/${made.id}`)).json<{ steps: Record<string, unknown>[] }>();
    const byId = new Map(steps.map((step) => [step['stepId'], step]));
    expect(byId.get('ingest')).toMatchObject({
      status: 'succeeded',
      cachedFrom: { runId: id, stepId: 'ingest', mapKey: '' },
    });
    expect(byId.get('validate')).toMatchObject({ status: 'pending', cachedFrom: null });
  });
});

describe('runs in bulk', () => {
  it('retries all that failed and match, lists them first when asked, and leaves the others alone', async () => {
    const day = { params: { asOf: '2011-03-01' } };
    const failed = [await failedRun(day), await failedRun(day)].sort();
    const { id: open } = await start(day);
    const filter = { pipeline: 'offers', status: 'failed', from: '2000-01-01' };
    const bulk = async (body: object) =>
      (await api.call('POST', '/v1/runs/bulk', { body })).json<{ runs: string[]; done: number; failed: unknown[] }>();
    const dry = await bulk({ action: 'retry', filter, dryRun: true });
    expect(dry.runs).toEqual(expect.arrayContaining(failed));
    expect(dry.runs).not.toContain(open);
    expect((await api.database.runs.get(failed[0] as string))?.status).toBe('failed');
    const done = await bulk({ action: 'retry', filter });
    expect(done).toMatchObject({ done: dry.runs.length, failed: [] });
    for (const id of failed) expect(await api.database.runs.get(id)).toMatchObject({ status: 'queued', execution: 2 });
  });

  it('acts on chosen runs, of these on those it applies to, and keeps who did it', async () => {
    const [failed, { id: open }] = [await failedRun(), await start()];
    const bulk = (body: object) => api.call('POST', '/v1/runs/bulk', { body });
    const ids = [failed, open];
    expect((await bulk({ action: 'cancel', ids, dryRun: true })).json()).toMatchObject({ runs: [open], done: 0 });
    expect((await bulk({ action: 'cancel', ids })).json()).toMatchObject({ runs: [open], done: 1, failed: [] });
    expect((await bulk({ action: 'retry', ids: [failed, 'nope'] })).json()).toMatchObject({ status: 404 });
    expect((await bulk({ action: 'retry', ids, filter: { pipeline: 'offers' } })).json()).toMatchObject({
      status: 400,
      detail: 'body: give either filter or ids.',
    });
    expect((await api.database.runs.get(failed))?.status).toBe('failed');
  });

  it('refuses to act on everything', async () => {
    const response = await api.call('POST', '/v1/runs/bulk', { body: { action: 'cancel', filter: {} } });
    expect(response.statusCode).toBe(400);
  });
});

describe('limits', () => {
  it('are set, listed and taken back', async () => {
    const path = `/v1/limits/${encodeURIComponent('offers/DE')}`;
    expect((await api.call('PUT', path, { body: { capacity: 0 } })).json()).toMatchObject({
      name: 'offers/DE',
      capacity: 0,
    });
    const { limits } = (await api.call('GET', '/v1/limits')).json<{ limits: unknown[] }>();
    expect(limits).toContainEqual({ name: 'offers/DE', capacity: 0, by: 'admin of the test', active: 0, waiting: 0 });
    expect((await api.call('DELETE', path)).statusCode).toBe(204);
    expect((await api.call('DELETE', path)).json()).toMatchObject({ status: 404, remedy: expect.any(String) });
    expect((await api.call('GET', '/v1/queue')).json()).toEqual({ waiting: [] });
  });

  it.each([
    ['offres', 404, 'There is no pipeline "offres"'],
    ['pool:gpus', 404, 'No step uses the pool "pool:gpus"; there are none.'],
  ])('of %s are refused: nobody would count for them', async (name, status, detail) => {
    const response = await api.call('PUT', `/v1/limits/${encodeURIComponent(name)}`, { body: { capacity: 1 } });
    expect(response.json()).toMatchObject({
      status,
      detail: expect.stringContaining(detail),
      remedy: expect.any(String),
    });
  });

  it.each([
    ['offers', { capacity: -1 }],
    ['offers', { capacity: 1.5 }],
    ['offers', {}],
    ['OFFERS!', { capacity: 1 }],
  ])('refuse %s %j', async (name, body) => {
    expect((await api.call('PUT', `/v1/limits/${encodeURIComponent(name)}`, { body })).statusCode).toBe(400);
  });
});
