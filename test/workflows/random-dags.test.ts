import { ApplicationFailure } from '@temporalio/activity';
import { Worker } from '@temporalio/worker';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunChange, StepCall } from '../../contracts/activities.ts';
import { type DagWorker, dagWorker, workflowCode } from '../support/dag-worker.ts';
import { modelOf, planOfRandom, type RandomStep, randomDag } from '../support/random-dag.ts';
import { temporalAddress } from '../support/servers.ts';

let dag: DagWorker;
beforeAll(async () => {
  dag = await dagWorker(temporalAddress());
});
afterAll(() => dag.close());

const statusesOf = (changes: readonly RunChange[]): Map<string, string> =>
  new Map(changes.flatMap((c) => (c.kind === 'step' && c.mapKey === '' ? [[c.stepId, c.status] as const] : [])));

/** Runs a DAG on the real interpreter and checks all that must hold of it. */
async function check(steps: readonly RandomStep[]): Promise<void> {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const expected = modelOf(steps);
  const plan = planOfRandom(steps);
  const tries = new Map<string, number>();
  const active = new Map<string, number>();
  const early: string[] = [];
  // That a step succeeded is written down by its attempt, not by the workflow.
  const succeeded = new Map<string, string>();
  const body = async ({ step: { id }, item }: StepCall) => {
    const step = byId.get(id) as RandomStep;
    const name = item ? `${id}[${item.key}]` : id;
    const attempt = (tries.get(name) ?? 0) + 1;
    tries.set(name, attempt);
    for (const need of step.needs) {
      const hasRun = expected.steps.get(need) === 'skipped' || byId.get(need)?.items?.length === 0;
      if ((active.get(need) ?? 0) > 0 || (!hasRun && !active.has(need))) early.push(`${name} before ${need}`);
    }
    active.set(id, (active.get(id) ?? 0) + 1);
    await new Promise(setImmediate);
    active.set(id, (active.get(id) ?? 0) - 1);
    const fails = item ? step.items?.[Number(item.key.slice(1))] : step.fails;
    if (fails) throw ApplicationFailure.nonRetryable(`${name} always fails`, 'DATA_MISSING');
    if (attempt <= step.failsFirst) throw new Error(`${name} fails at first`);
    if (!item) succeeded.set(id, 'succeeded');
    return { id };
  };
  const { result, journal, handle } = await dag.run(plan, body);
  expect(early).toEqual([]);
  expect(Object.fromEntries([...statusesOf(journal.changes), ...succeeded])).toEqual(
    Object.fromEntries(expected.steps),
  );
  expect(result.status).toBe(expected.run);
  for (const [name, attempts] of tries) expect([name, attempts]).toEqual([name, 1 + (byId.get(name)?.failsFirst ?? 0)]);
  await Worker.runReplayHistory(await workflowCode(), await handle.fetchHistory());
}

describe('any DAG', () => {
  it.each([13, 20_261_123])(
    'keeps to the order of needs, ends as a simple model says, and replays: seed %i',
    async (seed) => {
      const dags = fc.sample(randomDag(30), { seed, numRuns: 18 });
      for (let at = 0; at < dags.length; at += 6) await Promise.all(dags.slice(at, at + 6).map(check));
    },
    120_000,
  );

  it('does so with two hundred steps', async () => {
    const big = fc.sample(randomDag(200), { seed: 7, numRuns: 40 }).sort((a, b) => b.length - a.length)[0] ?? [];
    expect(big.length).toBeGreaterThan(150);
    await check(big);
  }, 120_000);
});
