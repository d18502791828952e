import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunRecord } from '../../contracts/runs.ts';
import { definePipeline } from '../../domain/dag/index.ts';
import { lostRunSweep } from '../../domain/dag/lost-runs.ts';
import { stepsToRestart } from '../../domain/dag/restart.ts';
import { openTemporal } from '../../storage/temporal/launcher.ts';
import { createGates } from '../support/gates.ts';
import { type OwnServer, ownServer, ownTemporal } from '../support/own-temporal.ts';
import { type RunWorker, runWorker } from '../support/run-worker.ts';

const gates = createGates();
const held = definePipeline({
  id: 'held',
  title: 'Held',
  description: 'A quick step, one that is held, and one behind it; one run at a time.',
  params: Type.Object({}),
  concurrency: { runs: 1 },
  steps: {
    quick: { run: ({ attempt }) => attempt },
    work: {
      needs: ['quick'],
      heartbeat: '10s',
      async run(context) {
        await gates.pass(`${context.runId}/${context.attempt}`, context);
        return 'done';
      },
    },
    after: { needs: ['work'], run: ({ inputs }) => inputs['work'] ?? null },
  },
});

/** Time as the sweep sees it. */
let now = Date.now();
const clock = { now: () => new Date(now) };
const minute = 60_000;

let server: OwnServer;
let worker: RunWorker;
beforeAll(async () => {
  server = await ownServer();
  worker = await runWorker([held], server);
}, 60_000);
afterAll(async () => {
  await worker?.close();
  await server?.close();
});

const start = async (): Promise<RunRecord> =>
  (await worker.starter.start({ pipeline: 'held', trigger: { kind: 'api', by: 'test' } })).run;
const runOf = async (id: string): Promise<RunRecord> => (await worker.database.runs.get(id)) as RunRecord;
const audited = async (subject: string) =>
  (await worker.database.audit.list({ subject, limit: 10 })).entries.map(({ actor, action, detail }) => ({
    ...{ actor, action, detail },
  }));

describe('a Temporal that has lost all workflows', () => {
  it('ends what was under way, with an event and a line in the audit log, hands over what waited, and lets it be retried', async () => {
    const sweep = lostRunSweep({ ...worker.database, ...worker, clock });
    const run = await start();
    await gates.arrived(`${run.id}/1`);
    const waiting = await start();
    await worker.until(waiting.id, ({ status }) => status === 'queued');
    await expect.poll(async () => (await worker.database.admission.waiting(waiting.id)).length).toBe(1);

    await server.stop();
    await expect(sweep()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    now += 10 * minute;
    await server.startEmpty();
    // Unknown for the first time: it might be on its way.
    await sweep();
    expect((await runOf(run.id)).status).toBe('running');

    // Another namespace, which no worker of this installation works with, says nothing about our runs.
    const other = await ownTemporal(server.address);
    const elsewhere = lostRunSweep({ ...worker.database, ...worker, ...other.temporal, clock });
    await elsewhere();
    now += 10 * minute;
    await expect(elsewhere()).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('no control worker of this installation works with it'),
    });
    await other.temporal.close();
    const none = await openTemporal({ address: server.address, namespace: 'nowhere' });
    await expect(lostRunSweep({ ...worker.database, ...worker, ...none, clock })()).rejects.toThrow('nowhere');
    await none.close();
    expect((await runOf(run.id)).status).toBe('running');

    // The workers have found the new server.
    await expect
      .poll(async () => (await worker.taskQueueStates.states())[0]?.pollers.length, { timeout: 20_000 })
      .toBeGreaterThan(0);
    await sweep();
    const lost = await runOf(run.id);
    expect(lost).toMatchObject({
      status: 'failed',
      error: {
        code: 'WORKFLOW_LOST',
        message: `Temporal has lost the workflow of run "${run.id}": it does not know it.`,
        remedy: expect.stringContaining('perennial runs retry'),
      },
    });
    expect((await worker.database.runs.steps(run.id)).map(({ stepId, status }) => [stepId, status])).toEqual([
      ['quick', 'succeeded'],
      ['work', 'cancelled'],
      ['after', 'cancelled'],
    ]);
    expect((await worker.stepOf(run.id, 'work'))?.attempts.map(({ status }) => status)).not.toContain('running');
    const events = await worker.database.events.list({ types: ['run.failed'], limit: 10 });
    expect(events.map(({ subject }) => subject)).toEqual([run.id]);
    expect(await audited(run.id)).toEqual([
      { actor: 'perennial', action: 'run.lost', detail: { workflow: 'unknown', status: 'running' } },
    ]);

    // What waited has a workflow again, and its place is free.
    const { runs } = await worker.database.admission.next();
    await worker.launcher.admitted(runs);
    await gates.arrived(`${waiting.id}/1`);
    gates.open(`${waiting.id}/1`);
    expect(await worker.ended(waiting.id)).toMatchObject({ status: 'succeeded', execution: 1 });
    expect(await audited(waiting.id)).toEqual([]);

    const reset = stepsToRestart(lost, await worker.database.runs.steps(run.id));
    expect(reset.map(({ stepId }) => stepId)).toEqual(['work', 'after']);
    gates.open(`${run.id}/2`);
    await worker.launcher.start(
      await worker.database.runs.restart(run.id, { execution: 1, reset, skip: [], by: 'ann' }),
    );
    expect(await worker.ended(run.id)).toMatchObject({ status: 'succeeded', execution: 2 });
    expect((await worker.stepOf(run.id, 'quick'))?.attempts).toHaveLength(1);
  }, 120_000);

  it('does not count a run as lost whose workflow was unknown only once', async () => {
    const sweep = lostRunSweep({ ...worker.database, ...worker, clock });
    const run = await start();
    await gates.arrived(`${run.id}/1`);
    let state: 'unknown' | 'open' = 'unknown';
    const flaky = lostRunSweep({
      ...{ ...worker.database, ...worker, clock },
      launcher: { ...worker.launcher, workflowState: async () => state },
    });
    await flaky();
    state = 'open';
    await flaky();
    now += 10 * minute;
    state = 'unknown';
    await flaky();
    await sweep();
    expect((await runOf(run.id)).status).toBe('running');
    gates.open(`${run.id}/1`);
    expect((await worker.ended(run.id)).status).toBe('succeeded');
  }, 60_000);
});
