import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { applyRules } from '../../domain/events/index.ts';
import { type RuleWorld, release, rulePipelines, ruleWorld } from '../support/rules.ts';

let world: RuleWorld;
beforeAll(async () => {
  world = await ruleWorld('2026-11-23T07:12:00Z');
});
afterAll(() => world.close());

const path = `/v1/rules/${release.id}`;
const call = async (method: string, at: string, body?: unknown, key?: string) => {
  const response = await world.api.call(method, at, {
    ...(body === undefined ? {} : { body }),
    ...(key ? { key } : {}),
  });
  return { status: response.statusCode, body: response.body === '' ? null : response.json() };
};

it('makes, shows, replaces, disables and removes rules, and says who did', async () => {
  expect(await call('POST', '/v1/rules', release, world.api.keys.viewer)).toMatchObject({ status: 403 });
  expect(await call('POST', '/v1/rules', release)).toMatchObject({
    status: 201,
    body: { id: release.id, origin: 'api', enabled: true, version: 1, definition: { within: '24h' } },
  });
  expect(await call('POST', '/v1/rules', release)).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
  expect(await call('PUT', path, release)).toMatchObject({ status: 200, body: { version: 1, created: false } });
  expect(await call('PUT', path, { ...release, within: '12h' })).toMatchObject({ status: 200, body: { version: 2 } });
  expect(await call('PUT', path, { ...release, id: 'other' })).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'id' }] },
  });
  expect(await call('POST', `${path}/disable`, {})).toMatchObject({ status: 400 });
  expect(await call('POST', `${path}/disable`, { note: 'stocktaking' })).toMatchObject({
    body: { enabled: false, note: 'stocktaking' },
  });
  await world.deliver(await world.happens('offers-preprocess', 'DE'));
  expect(await call('GET', `${path}/evaluations`)).toMatchObject({ body: { evaluations: [], next: null } });
  expect(await call('POST', `${path}/enable`, {})).toMatchObject({ body: { enabled: true } });
  expect(await call('DELETE', path)).toMatchObject({ status: 204 });
  expect(await call('GET', path)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  expect(await call('GET', '/v1/rules')).toMatchObject({ body: { rules: [] } });
  const client = new pg.Client({ connectionString: world.api.url });
  await client.connect();
  const { rows } = await client.query("select action from audit_log where action like 'rule.%' order by id");
  await client.end();
  expect(rows.map(({ action }) => action.slice(5))).toEqual([
    ...['create', 'replace', 'replace', 'disable', 'enable', 'remove'],
  ]);
});

it('refuses what does not hold, with field, value and remedy', async () => {
  const [onMatch] = release.actions.onMatch ?? [];
  const refused = await call('POST', '/v1/rules', {
    ...release,
    patterns: [{ name: 'a', type: 'a', where: 'event.data.' }],
    actions: { onMatch: [onMatch, { start: { pipeline: 'publsh' } }], onDeadline: release.actions.onDeadline },
  });
  expect(refused).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED', remedy: expect.any(String) } });
  expect(refused.body.errors).toEqual(
    expect.arrayContaining([
      { field: 'patterns.0.where', value: 'event.data.', message: expect.stringContaining('CEL') },
      {
        field: 'actions.onMatch.0.start.params.release',
        value: 'events.release.data.runId',
        message: expect.stringContaining('no such pattern'),
      },
      { field: 'actions.onMatch.1.start.pipeline', value: 'publsh', message: 'is not a pipeline; there are publish' },
    ]),
  );
});

it('says why a rule did or did not fire, page by page, and what each group waits for', async () => {
  await call('POST', '/v1/rules', release);
  for (const market of ['DE', 'FR', 'UK']) await world.deliver(await world.happens('offers-preprocess', market));
  await world.deliver(await world.happens('translation-release', 'FR'), await world.happens('other', 'FR'));
  const first = await call('GET', `${path}/evaluations?limit=3`);
  expect(first.body.evaluations.map((e: { outcome: string; key: string }) => `${e.outcome} ${e.key}`)).toEqual([
    ...['ignored ', 'fired FR', 'waiting UK'],
  ]);
  expect(first.body.evaluations[0].conditions).toMatchObject([
    { pattern: 'preprocess', condition: 'source', value: '/pipelines/other', holds: false },
    { pattern: 'release', condition: 'source', holds: false },
  ]);
  const second = await call('GET', `${path}/evaluations?limit=3&cursor=${first.body.next}`);
  expect(second.body).toMatchObject({ evaluations: [{ key: 'FR' }, { key: 'DE' }], next: null });
  expect((await call('GET', `${path}/evaluations?outcome=fired&key=FR`)).body.evaluations).toHaveLength(1);
  expect(await call('GET', `${path}/evaluations?cursor=x`)).toMatchObject({ status: 400 });
  expect(first.body.evaluations[1].why).toMatch(/ UTC/);
  const berlin = await call('GET', `${path}/evaluations?limit=3&timeZone=Europe/Berlin`);
  expect(berlin.body.evaluations[1].why).toMatch(/ CES?T/);
  expect(await call('GET', `${path}/evaluations?timeZone=Europe/Nowhere`)).toMatchObject({ status: 400 });
  const groups = await call('GET', `${path}/groups`);
  expect(groups.body.groups).toMatchObject([
    {
      key: 'DE',
      events: { preprocess: { type: 'run.succeeded' }, release: null },
      deadlineAt: '2026-11-24T07:12:00.000Z',
    },
    {
      key: 'FR',
      events: { preprocess: null, release: null },
      deadlineAt: null,
      lastFiredAt: '2026-11-23T07:12:00.000Z',
    },
    { key: 'UK' },
  ]);
});

it('tests a rule on stored events, deadlines among them, and does nothing', async () => {
  const before = await world.database.runs.list({}, { limit: 100 });
  const span = { from: '2026-11-23', to: '2026-11-26' };
  const test = await call(
    'POST',
    '/v1/rules/test',
    { rule: { ...release, id: 'new' }, ...span },
    world.api.keys.operator,
  );
  expect(test).toMatchObject({
    status: 200,
    body: { counts: { fired: 1, ignored: 1, deadline: 2 }, truncated: false },
  });
  const fired = test.body.evaluations.find(({ outcome }: { outcome: string }) => outcome === 'fired');
  expect(fired).toMatchObject({ key: 'FR', actions: [{ kind: 'start', status: 'pending', params: { market: 'FR' } }] });
  expect((await call('POST', '/v1/rules/test', { id: release.id, ...span })).body.counts).toEqual(test.body.counts);
  expect(await call('POST', '/v1/rules/test', { ...span })).toMatchObject({ status: 400 });
  expect(await call('POST', '/v1/rules/test', { id: release.id, from: '2026-11-26', to: '2026-11-23' })).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'from' }] },
  });
  expect(await world.database.runs.list({}, { limit: 100 })).toEqual(before);
  expect(await call('GET', '/v1/rules/new')).toMatchObject({ status: 404 });
});

it('applies the rules of the code, keeps them from being edited, and starts the pipeline they stand in', async () => {
  expect((await call('GET', '/v1/rules/diff')).body.changes).toMatchObject([{ id: 'of-the-code', kind: 'add' }]);
  const deps = { ...world.database, pipelines: rulePipelines, clock: { now: () => world.now } };
  expect(await Promise.all([applyRules(deps), applyRules(deps)])).toContainEqual([]);
  const rule = '/v1/rules/of-the-code';
  const code = (await call('GET', rule)).body;
  expect(code).toMatchObject({ origin: 'code', pipeline: 'publish' });
  expect(await call('PUT', rule, { ...code.definition, title: 'mine' })).toMatchObject({
    status: 409,
    body: { remedy: 'Change it there; here it can be disabled, enabled and tested.' },
  });
  expect(await call('DELETE', rule)).toMatchObject({ status: 409 });

  const approved = {
    specversion: '1.0',
    source: '/shop',
    id: '1',
    type: 'shop.approved',
    time: world.now.toISOString(),
  } as const;
  await world.database.events.publish([{ ...approved, data: { market: 'NL' } }]);
  await world.deliver({ ...approved, data: { market: 'NL' } });
  const { runs } = await world.database.runs.list({}, { limit: 1 });
  expect(runs).toMatchObject([{ pipeline: 'publish', params: { market: 'NL' } }]);

  await call('POST', `${rule}/disable`, { note: 'not today' });
  expect(await applyRules({ ...deps, pipelines: new Map() })).toMatchObject([{ id: 'of-the-code', kind: 'remove' }]);
  expect(await call('GET', rule)).toMatchObject({ status: 404 });
  expect(await call('GET', path)).toMatchObject({ status: 200 });
});
