import { expect, it } from 'vitest';
import type { TrafficRecord } from '../../../contracts/traffic.ts';
import { TrafficTable } from '../../../domain/serving/index.ts';

const record = (model: string, version: number, revision: number): TrafficRecord => ({
  model,
  routes: [{ version, configuration: 0, share: 1 }],
  rollout: null,
  revision,
  at: '',
  by: '',
  reason: '',
});

it('answers by a change once it is loaded, and keeps no other model waiting meanwhile', async () => {
  let records = [record('slow', 1, 1), record('fast', 1, 1)];
  let changed = (): void => {};
  let loaded = (): void => {};
  const table = new TrafficTable({
    traffic: {
      list: async () => records,
      watch: async (wake) => {
        changed = wake;
        return async () => {};
      },
    },
    serves: () => true,
    prepare: (model) => (model === 'fast' ? Promise.resolve() : new Promise((resolve) => (loaded = resolve))),
    onFailure: (what, error) => expect.unreachable(`${what}: ${String(error)}`),
  });
  const versions = async () => [
    (await table.of('slow'))?.routes[0]?.version,
    (await table.of('fast'))?.routes[0]?.version,
  ];
  const turn = () => new Promise(setImmediate);
  expect(await versions()).toEqual([1, 1]);

  records = [record('slow', 2, 2), record('fast', 2, 2)];
  changed();
  await turn();
  expect(await versions()).toEqual([1, 2]);
  records = [record('slow', 2, 2), record('fast', 3, 3)];
  changed();
  await turn();
  expect(await versions()).toEqual([1, 3]);
  loaded();
  await turn();
  expect(await versions()).toEqual([2, 3]);
  expect(await table.of('other')).toBeNull();
  await table.close();
});
