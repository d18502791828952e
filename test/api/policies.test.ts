import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backtestYear, yearDays, yearPolicy, yearStart } from '../../bench/retraining/index.ts';
import { RetrainingWorld } from '../../bench/retraining/world.ts';
import { liveYear } from '../../bench/retraining/year.ts';
import type { BacktestComparison } from '../../contracts/backtests.ts';
import type { DecisionShown } from '../../contracts/decisions.ts';
import { dateOf, dayNumber } from '../../domain/monitoring/days.ts';
import { makeDecision } from '../../domain/monitoring/retraining/index.ts';
import { dataFindings, driftHistory } from '../../domain/monitoring/series/index.ts';
import { storeSeries, storeTraining } from '../support/retraining.ts';
import { type OpenApi, openApi } from './support.ts';

let api: OpenApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const policy = { id: 'mine', pipeline: 'offers', model: 'some-model', kpis: [{ name: 'hit' }] };
const call = async <T>(method: string, path: string, body?: unknown, key?: string) => {
  const response = await api.call(method, path, { ...(body === undefined ? {} : { body }), ...(key ? { key } : {}) });
  return { status: response.statusCode, body: (response.body === '' ? null : response.json()) as T };
};

describe('policies', () => {
  it('are made with their defaults, versioned with every change, and kept when removed', async () => {
    const made = await call<object>('POST', '/v1/policies', policy);
    expect(made).toMatchObject({
      status: 201,
      body: {
        id: 'mine',
        version: 1,
        origin: 'api',
        by: 'admin of the test',
        definition: {
          newData: { minAgeDays: 7, share: 0.05 },
          kpis: [{ name: 'hit', sigmas: 3, windows: 2, bad: 'low' }],
          drift: { share: 0.5 },
          coolDownHours: 24,
          escalation: { afterRejected: 2 },
        },
      },
    });
    expect((await call('POST', '/v1/policies', policy)).status).toBe(409);
    expect((await call('PUT', '/v1/policies/mine', policy)).body).toMatchObject({ created: false, version: 1 });
    const changed = { ...policy, coolDownHours: 48 };
    expect((await call('PUT', '/v1/policies/mine', changed)).body).toMatchObject({ created: false, version: 2 });
    expect((await call('DELETE', '/v1/policies/mine')).status).toBe(204);
    expect((await call('PUT', '/v1/policies/mine', policy)).body).toMatchObject({ created: true, version: 3 });
    const { versions } = (
      await call<{ versions: { version: number; hash: string }[] }>('GET', '/v1/policies/mine/versions')
    ).body;
    expect(versions.map(({ version }) => version)).toEqual([3, 2, 1]);
    expect(versions[0]?.hash).toBe(versions[2]?.hash);
  });

  it.each([
    ['a pipeline that is not there', { pipeline: 'none' }, 'pipeline'],
    ['a parameter that is none', { training: { params: { nonsense: 1 } } }, 'training.params.nonsense'],
    ['a share below 0', { newData: { share: -1 } }, 'body.newData.share'],
    ['two wildcards', { model: '*-*' }, 'model'],
    ['a figure twice', { kpis: [{ name: 'a' }, { name: 'a' }] }, 'kpis'],
    ['an id of the API itself', { id: 'backtest' }, 'id'],
  ])('with %s are refused with the field', async (_, change, field) => {
    const { status, body } = await call<{ errors: { field: string }[] }>('POST', '/v1/policies', {
      ...policy,
      id: 'bad',
      ...change,
    });
    expect(status).toBe(400);
    expect(body.errors.map((fault) => fault.field)).toContain(field);
  });

  it('of the code are told from those that are there', async () => {
    const { changes } = (await call<{ changes: { id: string; kind: string }[] }>('GET', '/v1/policies/diff')).body;
    expect(changes.map(({ id, kind }) => [id, kind])).toEqual([
      ['offers', 'add'],
      ['translation', 'add'],
    ]);
  });

  it('say what they would decide now, without keeping it', async () => {
    const { body } = await call<{ evaluations: object[] }>('POST', '/v1/policies/mine/evaluate', {
      model: 'some-model',
    });
    expect(body.evaluations).toMatchObject([{ model: 'some-model', verdict: 'keep', wanted: [] }]);
    const listed = await call<{ decisions: object[] }>('GET', '/v1/decisions?policy=mine&limit=5');
    expect(listed.body.decisions).toEqual([]);
  });
});

/** A decision of the policy "mine" of today, that says keep. */
async function decide(ref: string, fourEyes: boolean): Promise<DecisionShown> {
  await call('PUT', '/v1/policies/mine', { ...policy, fourEyes });
  const stored = await api.database.policies.get('mine');
  const deps = {
    ...api.database,
    drift: driftHistory(api.database.metricSeries),
    findings: dataFindings(api.database.metricSeries),
  };
  const at = new Date();
  const occasion = { kind: 'manual', ref } as const;
  const day = at.toISOString().slice(0, 10);
  return makeDecision(deps, { policy: stored!, model: 'some-model', occasion, runId: null, at, day });
}

describe('overrides', () => {
  it('need somebody else where the policy wants four eyes, and are kept with who and why', async () => {
    const { id } = await decide('four', true);
    const asked = await call<DecisionShown>('POST', `/v1/decisions/${id}/overrides`, {
      verdict: 'retrain',
      reason: 'new assortment',
    });
    expect(asked.status).toBe(201);
    const [override] = asked.body.overrides;
    expect(override).toMatchObject({
      status: 'pending',
      reason: 'new assortment',
      requestedBy: 'admin of the test',
      decidedBy: null,
    });
    expect(asked.body.effective).toBe('keep');
    expect((await call('POST', `/v1/decisions/${id}/overrides`, { verdict: 'challenger', reason: 'x' })).status).toBe(
      409,
    );
    const path = `/v1/decisions/${id}/overrides/${override!.id}`;
    expect((await call('POST', `${path}/approve`, {})).status).toBe(403);
    expect((await call('POST', `${path}/approve`, {}, api.keys.viewer)).status).toBe(403);
    const approved = await call<DecisionShown>('POST', `${path}/approve`, { note: 'go on' }, api.keys.operator);
    expect(approved.body).toMatchObject({
      verdict: 'keep',
      effective: 'retrain',
      overrides: [{ status: 'approved', decidedBy: 'operator of the test', note: 'go on' }],
    });
    expect((await call('POST', `${path}/decline`, {}, api.keys.operator)).status).toBe(409);
    const listed = await call<{ decisions: DecisionShown[] }>(
      'GET',
      '/v1/decisions?verdict=retrain&policy=mine&limit=5',
    );
    expect(listed.body.decisions.map((decision) => decision.id)).toEqual([id]);
  });

  it('count at once where the policy wants no four eyes', async () => {
    const { id } = await decide('two', false);
    const { body } = await call<DecisionShown>('POST', `/v1/decisions/${id}/overrides`, {
      verdict: 'challenger',
      reason: 'to compare',
    });
    expect(body).toMatchObject({
      effective: 'challenger',
      overrides: [{ status: 'approved', decidedBy: 'admin of the test' }],
    });
  });

  it('can be declined, may not say what is so already, and are of a decision', async () => {
    const { id } = await decide('declined', true);
    expect((await call('POST', `/v1/decisions/${id}/overrides`, { verdict: 'keep', reason: 'x' })).status).toBe(409);
    expect((await call('POST', '/v1/decisions/none/overrides', { verdict: 'keep', reason: 'x' })).status).toBe(404);
    const asked = await call<DecisionShown>('POST', `/v1/decisions/${id}/overrides`, {
      verdict: 'retrain',
      reason: 'x',
    });
    const path = `/v1/decisions/${id}/overrides/${asked.body.overrides[0]!.id}`;
    const { body } = await call<DecisionShown>('POST', `${path}/decline`, { note: 'no' }, api.keys.operator);
    expect(body).toMatchObject({ effective: 'keep', overrides: [{ status: 'declined' }] });
  });
});

describe('a year that is stored', () => {
  const world = new RetrainingWorld({ seed: 2, start: yearStart, days: yearDays });
  const year = liveYear(world, yearPolicy);
  const span = { from: yearStart, to: dateOf(dayNumber(yearStart) + yearDays) };

  it('has the same backtest as the year that was lived, and compares two policies', async () => {
    const { realised_hit: hit = [] } = year.observations.kpis;
    const { labelled, volume } = year.observations;
    await storeSeries(api.database, 'offers', { labelled, volume, kpis: { realised_hit: hit } });
    const model = 'offers-next-products';
    const stored = new Map<string, string>();
    for (const training of year.trainings) stored.set(training.at, await storeTraining(api, model, training));
    await call('PUT', '/v1/policies/year', { id: 'year', pipeline: 'offers', model, kpis: [{ name: 'realised_hit' }] });
    const record = await api.database.policies.get('year');
    for (const { day, verdict, summary, reasons, wanted, alert } of year.decisions) {
      const at = `${day}T05:00:00.000Z`;
      const id = `year.${day}`;
      const occasion = { kind: 'daily', ref: day } as const;
      const policyRef = { name: 'year', version: '1', thresholds: { ...record!.definition } as never };
      const inputs = { wanted: [...wanted] };
      await api.database.decisions.save({
        id,
        pipeline: 'offers',
        model,
        runId: null,
        at,
        day,
        verdict,
        summary,
        reasons: [...reasons],
        inputs,
        policy: policyRef,
        occasion,
        alert,
      });
      if (verdict === 'retrain') await api.database.decisions.attachRun(id, stored.get(at) ?? '');
    }
    const eager = { id: 'eager', pipeline: 'offers', model, kpis: [{ name: 'realised_hit', sigmas: 1.5, windows: 1 }] };
    const { status, body } = await call<BacktestComparison>('POST', '/v1/policies/backtest', {
      policy: 'year',
      against: eager,
      model,
      ...span,
    });
    expect(status).toBe(200);
    const { policy: _, ...lived } = await backtestYear(year, yearPolicy);
    const { policy: of, ...report } = body.report;
    expect(of).toMatchObject({ id: 'year', version: 1 });
    expect({ ...report, hours: Math.round(report.hours * 100) }).toEqual({
      ...lived,
      model,
      hours: Math.round(lived.hours * 100),
    });
    expect(report.agreement).toEqual({ days: yearDays, same: yearDays, differing: [] });
    expect(body.against).toMatchObject({ policy: { id: 'eager', version: null } });
    expect(body.against!.falseRetrainings.length).toBeGreaterThan(report.falseRetrainings.length);
    // One alert for the outage, however many days it took.
    const alerts = await api.database.events.list({ types: ['alert.raised'], source: '/policies/year', limit: 50 });
    expect(alerts.filter(({ id }) => id.includes('/data/')).length).toBe(
      new Set(year.decisions.flatMap(({ alert }) => (alert ? [alert.key] : []))).size,
    );
    const marked = await call<BacktestComparison>('POST', '/v1/policies/backtest', {
      policy: 'year',
      model,
      ...span,
      degradations: [{ from: world.stretches[0]!.from, to: dateOf(dayNumber(world.stretches[0]!.from) + 10) }],
    });
    expect(marked.body.report).toMatchObject({ caught: 1, degradations: [{ kpi: null, status: 'caught' }] });
  }, 180_000);

  it.each([
    [{ from: '2026-01-02', to: '2026-01-01' }, 400],
    [{ model: 'another' }, 400],
    [{ version: 99 }, 404],
  ])('is not backtested with %o', async (change, status) => {
    expect((await call('POST', '/v1/policies/backtest', { policy: 'year', ...span, ...change })).status).toBe(status);
  });
});
