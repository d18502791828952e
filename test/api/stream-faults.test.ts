import pg from 'pg';
import { afterEach, expect, it, vi } from 'vitest';
import { PerennialError } from '../../contracts/errors.ts';
import { type OpenApi, openApi } from './support.ts';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

interface Watched {
  readonly api: OpenApi;
  readonly id: string;
  /** Opens the run's stream; `until` reads on to a text, or to the end. */
  open(): Promise<{ response: Response; until(text?: string): Promise<string> }>;
}

async function watchedRun(): Promise<Watched> {
  const api = await openApi();
  cleanUps.push(() => api.close());
  const origin = await api.app.listen({ host: '127.0.0.1', port: 0 });
  const { id } = (await api.call('POST', '/v1/runs', { body: { pipeline: 'offers' } })).json<{ id: string }>();
  await api.database.runs.apply(id, [{ kind: 'run', status: 'running' }]);
  return {
    api,
    id,
    async open() {
      const client = new AbortController();
      cleanUps.push(async () => client.abort());
      const headers = { authorization: `Bearer ${api.keys.viewer}` };
      const response = await fetch(`${origin}/v1/runs/${id}/events`, { headers, signal: client.signal });
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      return {
        response,
        async until(wanted) {
          while (wanted === undefined || !text.includes(wanted)) {
            const part = await reader?.read();
            if (!part || part.done) break;
            text += part.value;
          }
          return text;
        },
      };
    },
  };
}

it('is a problem document when PostgreSQL is away', async () => {
  const { api, open } = await watchedRun();
  vi.spyOn(api.database.runs, 'watch').mockRejectedValue(new PerennialError('UNAVAILABLE', 'PostgreSQL is away.'));
  const { response } = await open();
  expect(response.status).toBe(503);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
});

it('misses no event of a transaction that ends late', async () => {
  const { api, id, open } = await watchedRun();
  const { runs } = api.database;
  const stream = await open();
  await stream.until('"running"');

  // Holds up `apply` between its first event and its commit, by the row of its second step.
  const [blocker, observer] = [1, 2].map(() => new pg.Client({ connectionString: api.url })) as [pg.Client, pg.Client];
  for (const client of [blocker, observer]) {
    await client.connect();
    cleanUps.push(() => client.end());
  }
  await blocker.query('begin');
  await blocker.query("select 1 from step_runs where run_id = $1 and step_id = 'validate' for update", [id]);
  // From outside the transaction, within which the answer would stay the same.
  const waiting = async (): Promise<number> => {
    const { rows } = await observer.query(
      "select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    return (rows as { n: number }[])[0]?.n ?? 0;
  };
  const skip = (stepId: string) => ({ kind: 'step', stepId, mapKey: '', status: 'skipped', reason: 'late' }) as const;
  const late = runs.apply(id, [skip('ingest'), skip('validate')]);
  await vi.waitUntil(async () => (await waiting()) === 1, { timeout: 10_000 });
  let isWritten = false;
  const early = runs.metrics({ runId: id, stepId: 'report', mapKey: '' }, { rows: 1 }).then(() => {
    isWritten = true;
  });
  // Either it is written at once, or it waits for its turn.
  await vi.waitUntil(async () => isWritten || (await waiting()) === 2, { timeout: 10_000 });
  await blocker.query('commit');
  await Promise.all([late, early]);
  await runs.apply(id, [{ kind: 'run', status: 'succeeded' }]);

  const streamed = [...(await stream.until()).matchAll(/^id: (\d+)$/gm)].map((m) => Number(m[1]));
  expect(streamed).toEqual((await runs.events(id, 0, 500)).map((event) => event.id));
});

it('ends when the server stops', async () => {
  const { api, open } = await watchedRun();
  const stream = await open();
  await stream.until('"running"');
  await api.app.close();
});

it('misses no event that is written between the look for events and the look at the run', async () => {
  const { api, id, open } = await watchedRun();
  const { runs } = api.database;
  const get = runs.get.bind(runs);
  let looks = 0;
  vi.spyOn(runs, 'get').mockImplementation(async (...of) => {
    // The first look finds the run, the second is made because no event was found; now there is one.
    if (++looks === 2) await runs.apply(id, [{ kind: 'run', status: 'succeeded' }]);
    return get(...of);
  });
  const stream = await open();
  const streamed = [...(await stream.until()).matchAll(/^id: (\d+)$/gm)].map((m) => Number(m[1]));
  expect(streamed).toEqual((await runs.events(id, 0, 500)).map((event) => event.id));
});
