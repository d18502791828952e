import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { definePipeline } from '../../domain/dag/index.ts';
import { type RunWorker, runWorker } from '../support/run-worker.ts';

/** More items than one history takes before the server, as the tests start it, suggests a new one. */
const many = 400;
const ran = new Map<string, number>();

const wide = definePipeline({
  id: 'wide',
  title: 'Wide',
  description: 'A fan-out whose history does not fit in one workflow.',
  params: Type.Object({}),
  steps: {
    list: { run: () => Array.from({ length: many }, (_, i) => `item-${i}`) },
    each: {
      needs: ['list'],
      map: { over: 'steps.list.output', concurrency: 40, toleratedFailures: 0.01 },
      retry: { attempts: 1 },
      run: ({ item }) => {
        const key = item?.key ?? '';
        ran.set(key, (ran.get(key) ?? 0) + 1);
        if (key === 'item-7') throw new Error('the seventh never works');
        return key.length;
      },
    },
    count: { needs: ['each'], run: ({ inputs }) => Object.keys(inputs.each as object).length },
  },
});

let worker: RunWorker;
beforeAll(async () => {
  worker = await runWorker([wide]);
});
afterAll(() => worker.close());

describe('a run with a long history', () => {
  it('goes on in a new workflow, and runs no item twice', async () => {
    const { run } = await worker.starter.start({ pipeline: 'wide', trigger: { kind: 'api', by: 'test' } });
    const ended = await worker.ended(run.id);
    expect(ended).toMatchObject({ status: 'succeeded', execution: 1 });
    expect(ran.size).toBe(many);
    expect([...ran.values()].filter((times) => times !== 1)).toEqual([]);
    expect((await worker.stepOf(run.id, 'count'))?.output).toBe(many - 1);
    const workflow = await worker.client.workflow.getHandle(`run-${run.id}`).describe();
    expect(workflow.raw.workflowExecutionInfo?.firstRunId).not.toBe(workflow.runId);
    await worker.replay(run.id, { saveAs: 'continued' });
  }, 60_000);
});
