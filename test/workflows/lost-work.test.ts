import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowIdOf } from '../../contracts/names.ts';
import type { RunRecord } from '../../contracts/runs.ts';
import { definePipeline } from '../../domain/dag/index.ts';
import { lostRunSweep } from '../../domain/dag/lost-runs.ts';
import { stepsToRestart } from '../../domain/dag/restart.ts';
import { createGates } from '../support/gates.ts';
import { type RunWorker, runWorker } from '../support/run-worker.ts';

const gates = createGates();
const held = definePipeline({
  id: 'held',
  title: 'Held',
  description: 'A step that is held, one behind it, and a pool of one slot.',
  params: Type.Object({}),
  concurrency: { runs: 1 },
  steps: {
    work: {
      heartbeat: '10s',
      pool: { name: 'lost', capacity: 1 },
      async run(context) {
        await gates.pass(`${context.runId}/${context.attempt}`, context);
        return 'done';
      },
    },
    after: { needs: ['work'], run: ({ inputs }) => inputs['work'] ?? null },
  },
});
const slow = definePipeline({
  id: 'slow',
  title: 'Slow',
  description: 'A step whose first attempt runs into its timeout.',
  params: Type.Object({}),
  steps: {
    work: {
      timeout: '1s',
      // The attempt learns of its end before the next one begins.
      retry: { attempts: 2, initial: '5s' },
      async run(context) {
        if (context.attempt === 1) await gates.pass(`${context.runId}/never`, context);
        return context.attempt;
      },
    },
  },
});

let worker: RunWorker;
beforeAll(async () => {
  worker = await runWorker([held, slow]);
});
afterAll(() => worker.close());

const start = async (pipeline: string): Promise<RunRecord> =>
  (await worker.starter.start({ pipeline, trigger: { kind: 'api', by: 'test' } })).run;
const retry = async (run: RunRecord): Promise<void> => {
  const reset = stepsToRestart(run, await worker.database.runs.steps(run.id));
  await worker.launcher.start(
    await worker.database.runs.restart(run.id, { execution: run.execution, reset, skip: [], by: 'ann' }),
  );
};

describe('an attempt that runs into its timeout', () => {
  it('has failed, and leaves the step to the next one', async () => {
    const run = await start('slow');
    expect((await worker.ended(run.id)).status).toBe('succeeded');
    expect(await worker.stepOf(run.id, 'work')).toMatchObject({
      status: 'succeeded',
      output: 2,
      error: null,
      attempts: [
        { status: 'failed', error: { code: 'STEP_FAILED', message: expect.stringContaining('timeout') } },
        { status: 'succeeded' },
      ],
    });
  }, 30_000);
});

describe('a run whose workflow was ended from outside', () => {
  const sweep = () => lostRunSweep({ ...worker.database, ...worker, clock: { now: () => new Date() } })();

  it('fails and says so, leaves its places to others, and can be retried', async () => {
    const run = await start('held');
    await gates.arrived(`${run.id}/1`);
    const waiting = await start('held');
    await sweep();
    expect((await worker.database.runs.get(run.id))?.status).toBe('running');
    await worker.client.workflow.getHandle(workflowIdOf(run.id)).terminate('by a test');
    await sweep();
    const lost = (await worker.database.runs.get(run.id)) as RunRecord;
    expect(lost).toMatchObject({
      status: 'failed',
      error: { code: 'WORKFLOW_LOST', message: expect.stringContaining('terminated') },
    });
    const steps = await worker.database.runs.steps(run.id);
    expect(steps.map(({ stepId, status }) => [stepId, status])).toEqual([
      ['work', 'cancelled'],
      ['after', 'cancelled'],
    ]);
    const granted = await worker.database.admission.next();
    await worker.launcher.admitted(granted.runs);
    await gates.arrived(`${waiting.id}/1`);
    gates.open(`${waiting.id}/1`);
    expect((await worker.ended(waiting.id)).status).toBe('succeeded');
    await retry(lost);
    const second = (await worker.stepOf(run.id, 'work'))?.attempts.length ?? 0;
    gates.open(`${run.id}/${second + 1}`);
    expect(await worker.ended(run.id)).toMatchObject({ status: 'succeeded', execution: 2 });
  }, 60_000);

  it('does not hear what it is told', async () => {
    const run = await start('held');
    await gates.arrived(`${run.id}/1`);
    await worker.client.workflow.getHandle(workflowIdOf(run.id)).terminate('by a test');
    expect(await worker.launcher.resume((await worker.database.runs.get(run.id)) as RunRecord)).toBe(false);
    await sweep();
    expect((await worker.database.runs.get(run.id))?.status).toBe('failed');
  });
});
