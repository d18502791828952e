import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PerennialError } from '../../contracts/errors.ts';
import type { RuleDefinition } from '../../contracts/rules.ts';
import { createRuleHandler, forgetOldEvents, sweepRules } from '../../domain/events/index.ts';
import { type RuleWorld, release, ruleWorld } from '../support/rules.ts';

let world: RuleWorld;
beforeEach(async () => {
  world = await ruleWorld('2026-11-23T07:12:00Z');
});
afterEach(() => world.close());

const add = async (rule: RuleDefinition): Promise<void> => {
  const made = await world.api.call('POST', '/v1/rules', { body: rule });
  expect(made.statusCode, made.body).toBe(201);
};
const evaluations = async (id = release.id) =>
  (await world.database.rules.evaluations(id, { limit: 500 })).evaluations.reverse();
const runs = async () => (await world.database.runs.list({}, { limit: 100 })).runs;
const events = (type: string) => world.database.events.list({ types: [type], limit: 100 });
const at = (time: string): void => {
  world.now = new Date(time);
};

describe('offers.preprocess and translation.release within 24 h, else an alert at the deadline', () => {
  beforeEach(() => add(release));

  it.each([
    ['offers-preprocess', 'translation-release'],
    ['translation-release', 'offers-preprocess'],
  ])(
    'starts one run when %s comes first, with every process new and every event delivered again',
    async (first, second) => {
      const one = await world.happens(first, 'DE');
      await world.deliver(one, one);
      const other = await world.happens(first, 'FR');
      await world.deliver(other);
      expect(await runs()).toEqual([]);
      at('2026-11-24T07:11:00Z');
      const two = await world.happens(second, 'DE');
      // Four processes are given the same at once, and the first event comes yet again.
      await Promise.all([world.deliver(two), world.deliver(two), world.deliver(one, two), world.deliver(two)]);

      const wanted = first === 'translation-release' ? one : two;
      expect(await runs()).toMatchObject([
        { pipeline: 'publish', params: { market: 'DE', release: wanted.subject }, trigger: { kind: 'rule' } },
      ]);
      const [run] = await runs();
      const found = await evaluations();
      expect(found.map(({ key, outcome }) => `${key} ${outcome}`)).toEqual(['DE waiting', 'FR waiting', 'DE fired']);
      expect(found[0]?.why).toMatch(/^has \w+ 2026-11-23 07:12 UTC ✓; waits for \w+ until 2026-11-24 07:12 UTC$/);
      expect(found[2]).toMatchObject({ actions: [{ kind: 'start', status: 'done', runId: run?.id }], depth: 1 });
      expect(run?.trigger.by).toBe(`${release.id}/${found[2]?.id}`);
      expect(await events('rule.fired')).toMatchObject([
        { source: `/rules/${release.id}`, subject: 'DE', data: { outcome: 'fired' }, extensions: { ruledepth: 1 } },
      ]);
      // FR has missed its deadline, and DE has not.
      at('2026-11-24T08:00:00Z');
      expect(await world.sweep()).toBe(1);
      expect(await events('alert.raised')).toMatchObject([{ subject: 'FR' }]);
    },
  );

  it('raises one alert at the deadline, however many look, and starts nothing for what comes later', async () => {
    await world.deliver(await world.happens('offers-preprocess', 'DE'));
    at('2026-11-24T07:12:01Z');
    expect(await world.sweep()).toBe(0);
    at('2026-11-24T07:12:03Z');
    const sweepers = await Promise.all([world.open(), world.open(), world.open()]);
    const looked = await Promise.all(sweepers.map((process) => process.sweep()));
    await Promise.all(sweepers.map((process) => process.close()));
    expect(looked.reduce((sum, n) => sum + n)).toBe(1);
    expect(await events('alert.raised')).toMatchObject([
      {
        data: { severity: 'critical', message: 'DE: release is missing at 2026-11-24T07:12:00.000Z', rule: release.id },
      },
    ]);
    at('2026-11-24T08:00:00Z');
    await world.deliver(await world.happens('translation-release', 'DE'));
    expect(await runs()).toEqual([]);
    expect((await evaluations()).map(({ outcome }) => outcome)).toEqual(['waiting', 'deadline', 'waiting']);
  });

  it('waits at the deadline for what was stored before it and is not delivered yet, though not for ever', async () => {
    await world.deliver(await world.happens('offers-preprocess', 'DE'), await world.happens('offers-preprocess', 'FR'));
    at('2026-11-24T07:11:00Z');
    const waiting = await world.happens('translation-release', 'DE');
    await world.happens('translation-release', 'FR');
    at('2026-11-24T07:15:00Z');
    expect(await world.sweep()).toBe(0);
    await world.deliver(waiting);
    expect(await runs()).toMatchObject([{ params: { market: 'DE' } }]);
    expect(await world.sweep()).toBe(0);
    at('2026-11-24T07:28:00Z');
    expect(await world.sweep()).toBe(1);
    expect(await events('alert.raised')).toMatchObject([{ subject: 'FR' }]);
  });

  it('looks at every group though one of them cannot be looked at, and at an event though another rule cannot', async () => {
    await add({ ...release, id: 'another' });
    for (const market of ['DE', 'FR', 'UK']) await world.deliver(await world.happens('offers-preprocess', market));
    at('2026-11-24T07:12:03Z');
    const { rules } = world.database;
    const deps = {
      rules: {
        ...rules,
        evaluate: ((rule, key, ...rest) =>
          rule.id === 'another' || key === 'DE'
            ? Promise.reject(new Error(`${rule.id} ${key} is broken`))
            : rules.evaluate(rule, key, ...rest)) satisfies typeof rules.evaluate,
      },
      starter: { start: () => Promise.reject(new Error('nothing starts')) },
      clock: { now: () => world.now },
    };
    await expect(sweepRules(deps)).rejects.toThrow('is broken');
    expect((await events('alert.raised')).map(({ subject }) => subject)).toEqual(['FR', 'UK']);
    const later = await world.happens('translation-release', 'NL');
    await expect(createRuleHandler(deps)(later)).rejects.toThrow('another NL is broken');
    expect((await evaluations()).at(-1)).toMatchObject({ key: 'NL', outcome: 'waiting' });
  });

  it('looks at a deadline that has passed before it looks at what came after it', async () => {
    await world.deliver(await world.happens('offers-preprocess', 'DE'));
    at('2026-11-25T09:00:00Z');
    await world.deliver(await world.happens('translation-release', 'DE'));
    expect((await evaluations()).map(({ outcome }) => outcome)).toEqual(['waiting', 'deadline', 'waiting']);
    expect(await events('alert.raised')).toHaveLength(1);
  });

  it('starts the run later when the process dies or the server is away between the match and the run', async () => {
    let calls = 0;
    const broken = await world.open({
      start: () => {
        calls++;
        return Promise.reject(new PerennialError('UNAVAILABLE', 'PostgreSQL does not answer.'));
      },
    });
    const one = await world.happens('offers-preprocess', 'DE');
    const two = await world.happens('translation-release', 'DE');
    await broken.handle(one);
    await broken.handle(two);
    expect(calls).toBe(1);
    expect((await evaluations()).at(-1)?.actions).toMatchObject([
      { status: 'pending', error: { code: 'UNAVAILABLE' } },
    ]);
    await broken.close();
    world.now = new Date(world.now.getTime() + 60_000);
    await Promise.all([world.sweep(), world.sweep()]);
    expect(await runs()).toHaveLength(1);
    expect((await evaluations()).at(-1)?.actions).toMatchObject([{ status: 'done', runId: expect.any(String) }]);
  });
});

it('misses what did not land by six in Berlin, on each side of a change of the clock', async () => {
  at('2026-10-24T12:00:00Z');
  await add({
    id: 'landing',
    mode: 'absence',
    patterns: [{ name: 'landing', type: 'run.succeeded' }],
    by: 'event.data.params.market',
    deadline: { at: '06:00', zone: 'Europe/Berlin', keys: ['DE', 'FR'] },
    actions: { onDeadline: [{ alert: { severity: 'warning', message: 'No data for {{ key }}' } }] },
  });
  // 05:30 in Berlin, an hour later by UTC than the day before.
  at('2026-10-25T04:30:00Z');
  await world.deliver(await world.happens('ingest', 'DE'), await world.happens('ingest', 'UK'));
  at('2026-10-25T04:59:59Z');
  expect(await world.sweep()).toBe(0);
  at('2026-10-25T05:00:03Z');
  expect(await world.sweep()).toBe(2);
  expect(await events('alert.raised')).toMatchObject([{ subject: 'FR', data: { message: 'No data for FR' } }]);
  expect((await evaluations('landing')).map((e) => `${e.key} ${e.outcome} ${e.deadlineAt ?? ''}`)).toEqual([
    'DE matched ',
    'UK ignored ',
    ...['DE matched 2026-10-25T05:00:00.000Z', 'FR deadline 2026-10-25T05:00:00.000Z'],
  ]);
  at('2026-10-26T05:00:03Z');
  expect(await world.sweep()).toBe(2);
  expect(await events('alert.raised')).toHaveLength(3);
});

it('keeps an expression that cannot be evaluated as an evaluation, and goes on', async () => {
  const any: RuleDefinition = {
    ...{ id: 'weak', mode: 'any', patterns: [{ name: 'run', type: 'run.*', where: 'event.data.metrics.ndcg < 0.3' }] },
    actions: { onMatch: [{ start: { pipeline: 'publish', params: { market: 'event.data.params.region' } } }] },
  };
  await add(any);
  await world.deliver(
    await world.happens('offers', 'DE'),
    await world.happens('offers', 'DE', { metrics: { ndcg: 0.5 } }),
    await world.happens('offers', 'DE', { metrics: { ndcg: 0.2 } }),
  );
  expect(await evaluations('weak')).toMatchObject([
    { outcome: 'error', conditions: [{ condition: 'where', holds: false, error: expect.any(String) }] },
    { outcome: 'ignored', conditions: [{ value: false, reads: { 'event.data.metrics.ndcg': 0.5 } }] },
    { outcome: 'fired', actions: [{ status: 'failed', error: { code: 'EXPRESSION_INVALID' } }] },
  ]);
});

it('ends a circle of rules, through their events and through the runs they start', async () => {
  const ping = (id: string, of: string): RuleDefinition => ({
    id,
    mode: 'any',
    patterns: [
      { name: 'other', type: 'rule.fired', source: `/rules/${of}` },
      { name: 'begin', type: 'run.succeeded' },
    ],
    actions: { onMatch: [{ start: { pipeline: 'publish', params: { market: "'DE'" } } }] },
  });
  await add(ping('ping', 'pong'));
  await add(ping('pong', 'ping'));
  await world.deliver(await world.happens('offers', 'DE'));
  let after = 0;
  for (let fired = await events('rule.fired'); fired.length > 0; ) {
    after = fired.at(-1)?.sequence ?? 0;
    await world.deliver(...fired);
    fired = await world.database.events.list({ types: ['rule.fired'], after, limit: 100 });
  }
  const found = await evaluations('ping');
  expect(Math.max(...found.map(({ depth }) => depth))).toBe(10);
  expect([...found, ...(await evaluations('pong'))].map(({ why }) => why)).toContainEqual(
    expect.stringContaining('they call each other'),
  );

  const last = found.findLast(({ outcome }) => outcome === 'fired');
  const trigger = { kind: 'rule', by: `ping/${last?.id}` };
  await world.deliver(await world.happens('publish', 'DE', { trigger }));
  const [newest] = (await evaluations('ping')).slice(-1);
  expect(newest?.depth).toBe((last?.depth ?? 0) + (newest?.outcome === 'fired' ? 1 : 0));
});

it('shows nothing gathered when what it knew before it was changed is delivered again', async () => {
  await add(release);
  const one = await world.happens('offers-preprocess', 'DE');
  await world.deliver(one);
  const changed = await world.api.call('PUT', `/v1/rules/${release.id}`, { body: { ...release, within: '12h' } });
  expect(changed.json()).toMatchObject({ version: 2 });
  await world.deliver(one);
  const groups = await world.api.call('GET', `/v1/rules/${release.id}/groups`);
  expect([groups.statusCode, groups.json()]).toEqual([200, { groups: [], next: null }]);
});

it('forgets what is old, and neither what is left to do nor what still lies in a watched place', async () => {
  const cooled: RuleDefinition = {
    ...{ id: 'cooled', mode: 'any', by: 'event.data.params.market', patterns: [{ name: 'run', type: 'run.*' }] },
    ...{ cooldown: '200d', actions: { onMatch: [{ alert: { severity: 'info', message: 'x' } }] } },
  };
  await add(release);
  await add(cooled);
  const { events: stored, rules, watches } = world.database;
  await watches.create({
    ...{ id: 'sales', location: '/data', pattern: null, settleSeconds: 5, markerOnly: false, scanSeconds: 60 },
  });
  const done = await world.happens('offers-preprocess', 'DE');
  await world.deliver(done, await world.happens('translation-release', 'DE'));
  const waits = await world.happens('offers-preprocess', 'FR');
  const poisoned = await world.happens('offers-preprocess', 'UK');
  const landed = (watch: string) =>
    ({ ...waits, id: watch, source: `/watches/${watch}`, type: 'dataset.landed' }) as const;
  await stored.publish([landed('sales'), landed('gone')]);
  const all = await stored.list({ limit: 100 });
  const sequenceOf = (id: string): number => all.find((event) => event.id === id)?.sequence ?? 0;
  await stored.bury(sequenceOf(poisoned.id), { code: 'INTERNAL', message: 'no' });
  for (const { id, type } of all)
    if (type === 'dataset.landed' || type.startsWith('rule.')) await stored.processed(sequenceOf(id));

  const inDays = (days: number): Date => new Date(Date.now() + days * 86_400_000);
  const left = async () => (await stored.list({ limit: 100 })).map(({ id }) => id);
  await forgetOldEvents(world.database, inDays(89), 90 * 86_400_000);
  expect(await left()).toHaveLength(all.length);
  await forgetOldEvents(world.database, inDays(91), 90 * 86_400_000);
  expect((await left()).filter((id) => !id.includes('/') || id === waits.id)).toEqual(
    expect.arrayContaining([waits.id, 'sales']),
  );
  for (const id of [done.id, poisoned.id, 'gone']) expect(await left()).not.toContain(id);
  expect(await evaluations()).toEqual([]);
  expect(await rules.groups(release.id, { limit: 10 })).toEqual([]);
  expect(await rules.groups('cooled', { limit: 10 })).toHaveLength(1);
  await forgetOldEvents(world.database, inDays(201), 90 * 86_400_000);
  expect(await rules.groups('cooled', { limit: 10 })).toEqual([]);
});
