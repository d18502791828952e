import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AliasChange } from '../../../contracts/models.ts';
import type { TrafficPeriod, TrafficRoute } from '../../../contracts/traffic.ts';
import { periodsOf, servedBetween, versionBefore } from '../../../domain/registry/history.ts';
import { modelVersion } from '../../support/models.ts';

const day = (n: number): string => `2026-03-${String(n).padStart(2, '0')}T06:00:00.000Z`;
const change = (n: number, version: number | null, given: Partial<AliasChange> = {}): AliasChange => ({
  ...{ model: 'm', alias: 'champion', version, at: day(n), by: 'run r', reason: 'better' },
  ...{ kind: version === null ? 'remove' : 'set', runId: null, decisionId: null },
  ...given,
});
const back = (n: number, version: number) => change(n, version, { kind: 'rollback' });

describe('what served', () => {
  const changes = [change(9, null), change(5, 2), change(4, 7, { alias: 'challenger' }), change(1, 1)];
  const models = {
    history: async (_: string, alias?: string) => changes.filter((c) => alias === undefined || c.alias === alias),
    get: async (model: string, version: number) => modelVersion({ model, version }),
  };
  const noTraffic = { periods: async () => [] };
  const served = async (from: string, to = from, alias = 'champion') =>
    (await servedBetween({ models, traffic: noTraffic }, { model: 'm', alias, from, to })).map(
      ({ version, share, period }) => [version.version, share, period.until],
    );

  it('is what the alias pointed at then', async () => {
    expect(await served('2026-02-28T00:00:00Z')).toEqual([]);
    expect(await served(day(1))).toEqual([[1, 1, day(5)]]);
    expect(await served('2026-03-05T05:59:59Z')).toEqual([[1, 1, day(5)]]);
    expect(await served(day(5))).toEqual([[2, 1, day(9)]]);
    expect(await served('2026-03-20T00:00:00Z')).toEqual([]);
    expect(await served('2026-03-20T00:00:00Z', undefined, 'challenger')).toEqual([[7, 1, null]]);
  });

  it('on a day is all that did, the latest first', async () => {
    expect(await served('2026-03-05T00:00:00Z', '2026-03-06T00:00:00Z')).toEqual([
      [2, 1, day(9)],
      [1, 1, day(5)],
    ]);
    expect(await served('2026-03-03T00:00:00Z', '2026-03-04T00:00:00Z')).toEqual([[1, 1, day(5)]]);
    expect(await served('2026-03-01T00:00:00Z', '2026-03-01T06:00:00Z')).toEqual([]);
  });

  it('of the champion is told by the traffic: who had which share, by which configuration, by whose step', async () => {
    const state = (revision: number, n: number, routes: TrafficRoute[], step?: number): TrafficPeriod => ({
      ...{ model: 'm', revision, at: day(n), until: revision === 3 ? null : day(n + 1), routes },
      rollout: step === undefined ? null : { id: 'ro', step, comparedPerSecond: 1 },
      ...{ by: 'rollout', reason: `state ${revision}` },
    });
    const [first, base] = [
      { version: 2, configuration: 0 },
      { version: 2, configuration: 4 },
    ];
    const states = [
      state(
        3,
        7,
        [
          { ...base, share: 0.75 },
          { version: 3, configuration: 4, share: 0.25 },
        ],
        1,
      ),
      state(
        2,
        6,
        [
          { ...base, share: 1 },
          { version: 3, configuration: 4, share: 0 },
        ],
        0,
      ),
      state(1, 5, [{ ...first, share: 1 }]),
    ];
    const all = await servedBetween(
      { models, traffic: { periods: async () => states } },
      { model: 'm', alias: 'champion', from: day(1), to: day(8) },
    );
    expect(
      all.map(({ version, configuration, share, period }) => [version.version, configuration, share, period.kind]),
    ).toEqual([
      [2, 4, 0.75, 'rollout'],
      [3, 4, 0.25, 'rollout'],
      // Version 3 was unseen.
      [2, 4, 1, 'rollout'],
      [2, 0, 1, 'set'],
      // From before traffic was kept.
      [1, 0, 1, 'set'],
    ]);
    expect(all.map(({ period }) => [period.at, period.until, period.rollout])).toEqual([
      [day(7), null, 'ro'],
      [day(7), null, 'ro'],
      [day(6), day(7), 'ro'],
      [day(5), day(6), null],
      [day(1), day(5), null],
    ]);
    // What the change of the alias says is not lost.
    expect(all[3]?.period).toMatchObject({ by: 'rollout', reason: 'state 1', version: 2 });
  });

  it('has periods that end where the next of the same alias begins', () => {
    expect(periodsOf(changes).map(({ alias, version, until }) => [alias, version, until])).toEqual([
      ['champion', null, null],
      ['champion', 2, day(9)],
      ['challenger', 7, null],
      ['champion', 1, day(5)],
    ]);
  });
});

describe('the version to go back to', () => {
  const all = () => true;

  it('is the one before, and after going back the one before that', () => {
    const history = [change(1, 1), change(2, 2), change(3, 3)];
    const next = () => versionBefore(history.toReversed(), all);
    expect(next()).toBe(2);
    history.push(back(4, 2));
    expect(next()).toBe(1);
    history.push(back(5, 1));
    expect(next()).toBeNull();
    history.push(change(6, 4));
    expect(next()).toBe(1);
  });

  it('is none where nothing was before, and the last one after the alias was removed', () => {
    expect(versionBefore([], all)).toBeNull();
    expect(versionBefore([change(1, 1)], all)).toBeNull();
    expect(versionBefore([change(2, null), change(1, 1)], all)).toBe(1);
  });

  it('is none that is gone', () => {
    const history = [change(3, 3), change(2, 2), change(1, 1)];
    expect(versionBefore(history, (version) => version !== 2)).toBe(1);
    expect(versionBefore(history, () => false)).toBeNull();
  });

  it('leads, by going back again and again, through ever older versions to an end', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 12 }), (versions) => {
        const history = versions.map((version, i) => change(i + 1, version));
        const distinct = versions.filter((version, i) => version !== versions[i - 1]);
        const seen: number[] = [];
        for (let next = versionBefore(history.toReversed(), all); next !== null; ) {
          seen.push(next);
          history.push(back(history.length + 1, next));
          next = versionBefore(history.toReversed(), all);
        }
        // A version that came twice is gone back to once for each time that another one followed.
        expect(seen.length).toBeLessThan(Math.max(1, distinct.length));
        expect(seen.every((version, i) => version !== (seen[i - 1] ?? distinct.at(-1)))).toBe(true);
        if (distinct.length > 1) expect(seen[0]).toBe(distinct.at(-2));
      }),
      { seed: 1 },
    );
  });
});
