import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { Announcement, newReplica } from '../../../domain/serving/replicas/index.ts';
import { type Database, openDatabase } from '../../../storage/postgres/index.ts';
import { freshDatabase } from '../../support/servers.ts';

let database: Database;
let drop: () => Promise<void>;
beforeAll(async () => {
  const fresh = await freshDatabase();
  drop = fresh.drop;
  database = await openDatabase({ url: fresh.url, pool: 3 });
});
afterAll(async () => {
  await database.close();
  await drop();
});

/** A busy machine takes its time. */
const patience = { timeout: 20_000, interval: 20 };
const startedAt = '2026-11-26T12:00:00.000Z';
const announce = (everyMs = 1e9) => {
  const { replicas: registry } = database;
  const made = newReplica();
  const options = { registry, address: 'http://127.0.0.1:9', graphs: ['words'], startedAt, everyMs };
  return { ...made, announcement: new Announcement({ ...options, ...made }) };
};
const list = () => database.replicas.list();

it('tells every router of its states, and takes its record out at the end', async () => {
  const heard = vi.fn();
  const unwatch = await database.replicas.watch(heard);
  const { id, key, announcement } = announce();
  await announcement.open();
  expect(await list()).toMatchObject([
    { id, key, address: 'http://127.0.0.1:9', state: 'starting', graphs: ['words'] },
  ]);
  await announcement.become('ready');
  await announcement.become('draining');
  expect(await list()).toMatchObject([{ state: 'draining', startedAt }]);
  await announcement.close();
  expect(await list()).toEqual([]);
  await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(4), patience);
  await unwatch();
});

it('lives on in its record, and comes back when somebody has removed it', async () => {
  const { id, announcement } = announce(20);
  await announcement.open();
  const first = (await list())[0]?.lastSeenAt;
  await vi.waitFor(async () => expect((await list())[0]?.lastSeenAt).not.toBe(first), patience);
  await database.replicas.withdraw(id);
  await vi.waitFor(async () => expect(await list()).toMatchObject([{ id, state: 'starting' }]), patience);
  await announcement.close();
});

it('is removed when it has not been seen for long', async () => {
  const { announcement } = announce();
  await announcement.open();
  expect(await database.replicas.removeUnseen(60_000)).toBe(0);
  expect(await database.replicas.removeUnseen(-1)).toBe(1);
  expect(await list()).toEqual([]);
});
