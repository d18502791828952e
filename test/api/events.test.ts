import { afterAll, beforeAll, expect, it } from 'vitest';
import type { App } from '../../api/app-type.ts';
import { ApiClient, type StreamedEvent } from '../../cli/client.ts';
import { type OpenApi, openApi } from './support.ts';

let api: OpenApi;
let client: ApiClient;
beforeAll(async () => {
  api = await openApi();
  client = new ApiClient(await api.app.listen({ host: '127.0.0.1', port: 0 }), api.keys.viewer);
});
afterAll(() => api.close());

async function newRun(): Promise<string> {
  const response = await api.call('POST', '/v1/runs', { body: { pipeline: 'offers' } });
  return response.json<{ id: string }>().id;
}

it('streams what happens as it happens, and ends with the run', async () => {
  const { runs } = api.database;
  const id = await newRun();
  const step = { runId: id, stepId: 'ingest', mapKey: '' };
  // Each event is only written once the one before has arrived.
  const next = [
    () => runs.attemptStarted(step, 1, 'cpu@test'),
    () => runs.progress(step, { done: 3, total: 10, unit: 'files' }),
    () => runs.attemptFinished(step, 1, { status: 'succeeded', output: { rows: 7 } }),
    () => runs.apply(id, [{ kind: 'run', status: 'succeeded' }]),
  ];
  const seen: StreamedEvent[] = [];
  await runs.apply(id, [{ kind: 'run', status: 'running' }]);
  for await (const event of client.events(id)) {
    seen.push(event);
    if (event.type !== 'run' || event.data['status'] === 'running') await next.shift()?.();
  }
  expect(next).toEqual([]);
  const told = seen.map(({ type, data }) => `${type} ${String(data['status'] ?? data['done'])}`);
  expect(told.slice(-5)).toEqual(['run running', 'step running', 'progress 3', 'step succeeded', 'run succeeded']);
  const ids = seen.map((e) => e.id);
  expect(ids).toEqual([...ids].sort((a, b) => a - b));
});

it('goes on after the last event a client saw, without loss or doubles', async () => {
  const { runs } = api.database;
  const id = await newRun();
  const step = { runId: id, stepId: 'ingest', mapKey: '' };
  await runs.apply(id, [{ kind: 'run', status: 'running' }]);
  await runs.attemptStarted(step, 1, 'cpu@test');
  for (let done = 1; done <= 1200; done += 1) await runs.progress(step, { done, total: 1200, unit: 'files' });
  await runs.apply(id, [{ kind: 'run', status: 'succeeded' }]);
  const read = async (from: number): Promise<number[]> => {
    const response = await fetch(`${client.url}/v1/runs/${id}/events`, {
      headers: { authorization: `Bearer ${api.keys.viewer}`, 'last-event-id': String(from) },
    });
    const text = await response.text();
    return [...text.matchAll(/^id: (\d+)$/gm)].map((m) => Number(m[1]));
  };
  const all = await read(0);
  expect(all.length).toBeGreaterThanOrEqual(1203);
  const middle = all[700] as number;
  expect(await read(middle)).toEqual(all.slice(701));
});

it('is a problem document when there is no such run', async () => {
  const response = await fetch(`${client.url}/v1/runs/nope/events`, {
    headers: { authorization: `Bearer ${api.keys.viewer}` },
  });
  expect(response.status).toBe(404);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
});

it('is followed by a client to the end of the run, also when the API stops and starts meanwhile', async () => {
  const first = await openApi();
  const url = await first.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = new URL(url);
  const { id } = (await first.call('POST', '/v1/runs', { body: { pipeline: 'offers' } })).json<{ id: string }>();
  const { runs } = first.database;
  await runs.apply(id, [{ kind: 'run', status: 'running' }]);
  const statuses: unknown[] = [];
  let second: App | undefined;
  for await (const { type, data } of new ApiClient(url, first.keys.viewer).events(id)) {
    if (type === 'run') statuses.push(data['status']);
    if (data['status'] !== 'running') continue;
    await first.app.close();
    // Told while nobody serves: the client asks for it when the API is back.
    await runs.apply(id, [{ kind: 'step', stepId: 'ingest', mapKey: '', status: 'skipped', reason: 'no' }]);
    await runs.apply(id, [{ kind: 'run', status: 'succeeded' }]);
    second = await first.rebuild();
    await second.listen({ host: '127.0.0.1', port: Number(port) });
  }
  expect(statuses).toEqual(['queued', 'running', 'succeeded']);
  await second?.close();
  await first.close();
});
