import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PerennialError } from '../../contracts/errors.ts';
import type { QueueStates } from '../../contracts/queues.ts';
import { openDeliveryStates, openEventQueue } from '../../storage/redis/delivery-queue.ts';
import { seedMonth } from '../support/month.ts';
import { redisUrl } from '../support/servers.ts';
import { type OpenApi, openApi } from './support.ts';

const prefix = `test-${randomUUID()}`;
const queue = openEventQueue({ url: redisUrl(), prefix });
const deliveryStates = openDeliveryStates({ url: redisUrl(), prefix });
let api: OpenApi;
beforeAll(async () => {
  api = await openApi({ deliveryStates });
  await seedMonth(api.database, { url: api.url });
  await queue.add([1, 2, 3]);
});
afterAll(async () => {
  await Promise.all([queue.close(), deliveryStates.close()]);
  await api.close();
});

const read = async (): Promise<QueueStates> =>
  (await api.call('GET', '/v1/queues', { key: api.keys.viewer })).json<QueueStates>();

it('tells what is stored and waits or was given up, and since when', async () => {
  const { stored, unavailable } = await read();
  const of = (name: string) => stored.find((one) => one.name === name);
  expect(of('dead-letters')).toMatchObject({ count: 2, error: { code: 'VALIDATION_FAILED' } });
  expect(of('failed-notifications')).toMatchObject({ count: 1, error: { code: 'DELIVERY_REFUSED' } });
  expect(of('runs')?.count).toBe(2);
  expect(of('runs')?.oldestSeconds).toBeGreaterThan(20 * 60);
  expect(unavailable).toEqual([]);
});

it('tells what is being delivered', async () => {
  const { deliveries } = await read();
  expect(deliveries.map(({ name }) => name)).toEqual(['events', 'notifications']);
  expect(deliveries[0]).toMatchObject({ waiting: 3, active: 0, delayed: 0 });
  expect(Date.parse(deliveries[0]?.oldestAt ?? '')).toBeLessThanOrEqual(Date.now());
  expect(deliveries[1]).toMatchObject({ waiting: 0, oldestAt: null });
});

it('tells of each task queue what waits and who asks for it', async () => {
  const { tasks } = await read();
  expect(tasks.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
    'perennial-control workflow',
    'perennial-control activity',
    'perennial-cpu activity',
    'perennial-gpu activity',
  ]);
  for (const { backlog, pollers } of tasks) {
    expect(backlog).toBeGreaterThanOrEqual(0);
    expect(pollers).toBeInstanceOf(Array);
  }
});

it('names the servers that do not answer, and tells of the others', async () => {
  const states = () => Promise.reject(new PerennialError('UNAVAILABLE', 'Temporal does not answer.'));
  const away = openDeliveryStates({ url: 'redis://127.0.0.1:9' });
  const app = await api.rebuild({ taskQueueStates: { states }, deliveryStates: away });
  const answer = await app.inject({ url: '/v1/queues', headers: { authorization: `Bearer ${api.keys.viewer}` } });
  expect(answer.json()).toMatchObject({ unavailable: ['redis', 'temporal'], deliveries: [], tasks: [] });
  expect(answer.json<QueueStates>().stored.length).toBeGreaterThan(3);
  await app.close();
  await away.close();
});
