import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogLine, RunBrief, RunDetail } from '../../contracts/runs.ts';
import { type OpenApi, openApi } from './support.ts';

let api: OpenApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

async function start(params: object = {}, headers: Record<string, string> = {}) {
  const response = await api.call('POST', '/v1/runs', {
    key: api.keys.operator,
    body: { pipeline: 'offers', params },
    headers,
  });
  return { response, run: response.json<RunBrief & { created: boolean }>() };
}

describe('runs', () => {
  it('start with all parameters filled in, and say where to look', async () => {
    const { response, run } = await start({ asOf: '2026-01-01' });
    expect(response.statusCode).toBe(202);
    expect(response.headers.location).toBe(`/v1/runs/${run.id}`);
    expect(run).toMatchObject({ pipeline: 'offers', created: true, params: { asOf: '2026-01-01', topK: 20 } });
    expect(run.trigger).toEqual({ kind: 'api', by: 'operator of the test' });
  });

  it('start once for an idempotency key, whatever the connection did', async () => {
    const headers = { 'idempotency-key': 'daily-2026-01-02' };
    const answers = await Promise.all([1, 2, 3, 4].map(() => start({ asOf: '2026-01-02' }, headers)));
    expect(new Set(answers.map((a) => a.run.id)).size).toBe(1);
    expect(answers.filter((a) => a.run.created)).toHaveLength(1);
  });

  it('are shown with their steps in the order of the plan', async () => {
    const { run } = await start();
    const shown = (await api.call('GET', `/v1/runs/${run.id}`, { key: api.keys.viewer })).json<RunDetail>();
    expect(shown.steps[0]).toMatchObject({ stepId: 'ingest', status: 'pending', attempts: [] });
    expect(shown.steps.map((s) => s.stepId)).toContain('predict');
  });

  it('are listed newest first, page by page, each once', async () => {
    for (let i = 0; i < 5; i++) await start({ seed: i });
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = (await api.call('GET', `/v1/runs?limit=3${query}`)).json<{
        runs: RunBrief[];
        next: string | null;
      }>();
      expect(page.runs.length).toBeLessThanOrEqual(3);
      ids.push(...page.runs.map((r) => r.id));
      cursor = page.next;
    }
    const all = (await api.call('GET', '/v1/runs?limit=500')).json<{ runs: RunBrief[] }>().runs;
    expect(ids).toEqual(all.map((r) => r.id));
    expect(new Set(ids).size).toBe(ids.length);
    const times = all.map((r) => r.createdAt);
    expect(times).toEqual([...times].sort().reverse());
  });

  it('are found by status and time', async () => {
    const { run } = await start();
    await api.database.runs.apply(run.id, [
      { kind: 'run', status: 'failed', error: { code: 'STEP_FAILED', message: 'no' } },
    ]);
    const failed = (await api.call('GET', '/v1/runs?status=failed')).json<{ runs: RunBrief[] }>().runs;
    expect(failed.map((r) => r.id)).toEqual([run.id]);
    expect(failed[0]?.error).toEqual({ code: 'STEP_FAILED', message: 'no' });
    const none = (await api.call('GET', '/v1/runs?to=2020-01-01')).json<{ runs: RunBrief[] }>().runs;
    expect(none).toEqual([]);
  });

  it('give their log lines by step, level and words, and the last ones first', async () => {
    const { run } = await start();
    const line = (level: 'info' | 'warn' | 'error', message: string) => ({
      at: new Date().toISOString(),
      level,
      message,
    });
    const at = (stepId: string, mapKey = '') => ({ runId: run.id, stepId, mapKey });
    await api.database.runs.log(at('ingest'), 1, [line('info', 'began'), line('warn', 'Slow')]);
    await api.database.runs.log(at('predict', 'Malta'), 1, [line('error', 'crashed'), line('info', 'slow end')]);
    const lines = async (query: string) =>
      (await api.call('GET', `/v1/runs/${run.id}/logs?${query}`)).json<{ lines: LogLine[] }>().lines;
    const messages = async (query: string) => (await lines(query)).map(({ message }) => message);
    expect(await messages('level=warn')).toEqual(['Slow', 'crashed']);
    expect(await messages('text=slow')).toEqual(['Slow', 'slow end']);
    expect(await messages('step=predict&item=Malta&level=info')).toEqual(['crashed', 'slow end']);
    const newest = await lines(`before=${Number.MAX_SAFE_INTEGER}&limit=3`);
    expect(newest.map(({ message }) => message)).toEqual(['Slow', 'crashed', 'slow end']);
    expect(await messages(`before=${newest[0]?.id}`)).toEqual(['began']);
  });

  it('give their log lines page by page', async () => {
    const { run } = await start();
    const step = { runId: run.id, stepId: 'ingest', mapKey: '' };
    const line = (message: string) => ({ at: new Date().toISOString(), level: 'info' as const, message });
    await api.database.runs.log(step, 1, [line('one'), line('two'), line('three')]);
    const path = `/v1/runs/${run.id}/logs`;
    const first = (await api.call('GET', `${path}?limit=2`)).json();
    expect(first.lines.map((l: { message: string }) => l.message)).toEqual(['one', 'two']);
    const second = (await api.call('GET', `${path}?limit=2&after=${first.next}`)).json();
    expect(second).toMatchObject({ lines: [{ message: 'three' }], next: null });
  });

  it('hear a cancellation', async () => {
    const { run } = await start();
    expect((await api.call('POST', `/v1/runs/${run.id}/cancel`, { key: api.keys.viewer })).statusCode).toBe(403);
    expect((await api.call('POST', `/v1/runs/${run.id}/cancel`, { key: api.keys.operator })).statusCode).toBe(202);
  });
});
