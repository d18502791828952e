import { Type } from 'typebox';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { definePipeline } from '../../domain/dag/index.ts';
import { createGates } from '../support/gates.ts';
import { type RunWorker, runWorker } from '../support/run-worker.ts';

const gates = createGates();
let atATime = 0;
let most = 0;
const large = definePipeline({
  id: 'large',
  title: 'Large',
  description: 'Items that need most of the memory of a worker, each held until it is let go.',
  params: Type.Object({}),
  steps: {
    list: { run: () => ['a', 'b', 'c'] },
    work: {
      needs: ['list'],
      resources: { memoryMiB: 600 },
      map: { over: 'steps.list.output', concurrency: 3 },
      async run(context) {
        most = Math.max(most, ++atATime);
        try {
          await gates.pass(`${context.runId}/${most > 1 ? 'together' : 'alone'}`, context);
          return 'done';
        } finally {
          atATime -= 1;
        }
      },
    },
  },
});

let worker: RunWorker;
beforeAll(async () => {
  worker = await runWorker([large], { memoryMiB: 1000 });
});
afterAll(() => worker.close());

it('a worker runs at a time what fits into its memory, and what waits says so and can be cancelled', async () => {
  const start = async () =>
    (await worker.starter.start({ pipeline: 'large', trigger: { kind: 'api', by: 'test' } })).run;
  const waiting = async (runId: string) =>
    (await worker.database.runs.logs(runId, { text: 'Waits for memory', limit: 10 })).map(({ message }) => message);

  const run = await start();
  await gates.arrived(`${run.id}/alone`);
  await expect.poll(() => waiting(run.id), { timeout: 10_000 }).toHaveLength(2);
  expect((await waiting(run.id))[0]).toBe('Waits for memory of its worker: it states 600 MiB, 400 are free.');
  gates.open(`${run.id}/alone`);
  expect(await worker.ended(run.id)).toMatchObject({ status: 'succeeded' });
  expect(most).toBe(1);

  const cancelled = await start();
  await gates.arrived(`${cancelled.id}/alone`);
  await expect.poll(() => waiting(cancelled.id), { timeout: 10_000 }).toHaveLength(2);
  await worker.launcher.cancel(cancelled);
  expect(await worker.ended(cancelled.id)).toMatchObject({ status: 'cancelled' });
  expect(most).toBe(1);
}, 60_000);
