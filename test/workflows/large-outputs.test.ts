import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { definePipeline } from '../../domain/dag/index.ts';
import { type RunWorker, runWorker } from '../support/run-worker.ts';

const many = definePipeline({
  id: 'many',
  title: 'Many',
  description: 'A list whose items together give more than one message of Temporal may hold.',
  params: Type.Object({}),
  steps: {
    each: {
      map: { over: `[${Array.from({ length: 30 }, (_, i) => `"m${i}"`).join(',')}]`, concurrency: 10 },
      run: ({ item }) => `${item?.key}:${'x'.repeat(100_000)}`,
    },
    sum: { needs: ['each'], run: ({ inputs }) => Object.values(inputs['each'] as object).join('').length },
  },
});
const large = definePipeline({
  id: 'large',
  title: 'Large',
  description: 'A step that returns its data instead of a reference to it.',
  params: Type.Object({}),
  steps: { only: { run: () => 'x'.repeat(600_000) } },
});

let worker: RunWorker;
beforeAll(async () => {
  worker = await runWorker([many, large]);
});
afterAll(() => worker.close());

const run = async (pipeline: string) => {
  const { run } = await worker.starter.start({ pipeline, trigger: { kind: 'api', by: 'test' } });
  return worker.ended(run.id);
};

describe('outputs', () => {
  it('of many items together reach the next step, however large', async () => {
    const ended = await run('many');
    expect(ended.status).toBe('succeeded');
    expect((await worker.stepOf(ended.id, 'sum'))?.output).toBeGreaterThan(3_000_000);
  }, 60_000);

  it('of a step that are too large are refused at once, with what to do', async () => {
    const ended = await run('large');
    expect(ended).toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining('600002 bytes'), remedy: expect.stringContaining('artifact') },
    });
    expect((await worker.stepOf(ended.id, 'only'))?.attempts).toHaveLength(1);
  });
});
