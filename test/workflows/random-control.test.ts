import fc from 'fast-check';
import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PerennialError } from '../../contracts/errors.ts';
import type { RunRecord, StepRecord } from '../../contracts/runs.ts';
import { type AnyPipeline, definePipeline } from '../../domain/dag/index.ts';
import { stepsToRestart } from '../../domain/dag/restart.ts';
import { modelOf, type RandomStep, randomDag, stepsOfRandom } from '../support/random-dag.ts';
import { type RunWorker, runWorker } from '../support/run-worker.ts';

/** What a person does when the n-th piece of work begins. */
interface Action {
  readonly at: number;
  readonly kind: 'drain' | 'checkpoint' | 'skip-itself' | 'skip-other' | 'cancel';
  readonly other: number;
}

interface Scenario {
  readonly steps: readonly RandomStep[];
  readonly actions: readonly Action[];
}

const scenario: fc.Arbitrary<Scenario> = fc.record({
  steps: randomDag(14),
  actions: fc.uniqueArray(
    fc.record({
      at: fc.nat(16),
      kind: fc.constantFrom('drain', 'drain', 'checkpoint', 'checkpoint', 'skip-itself', 'skip-other', 'cancel'),
      other: fc.nat(13),
    } as const),
    { maxLength: 5, selector: ({ at }) => at },
  ),
});

/** What the code of a scenario's steps did, over all executions. */
interface Played {
  begun: number;
  readonly succeeded: Map<string, number>;
  readonly early: string[];
  /** Once true, nothing fails and nobody interferes. */
  calm: boolean;
  /** One person at a time. */
  acting: Promise<void>;
}

const scenarios = [13, 20_261_123].flatMap((seed) => fc.sample(scenario, { seed, numRuns: 15 }));
const played = scenarios.map(
  (): Played => ({ begun: 0, succeeded: new Map(), early: [], calm: false, acting: Promise.resolve() }),
);
/** Of these the histories are kept: drains, checkpoints, skips, a cancellation. */
const saved = [2, 8, 14, 24];
let worker: RunWorker;

const pipelineOf = ({ steps, actions }: Scenario, index: number): AnyPipeline => {
  const play = played[index] as Played;
  const body = (step: RandomStep) => async (context: StepBody) => {
    const { item, runId, signal } = context;
    const name = item ? `${step.id}[${item.key}]` : step.id;
    const action = actions.find(({ at }) => at === play.begun);
    play.begun += 1;
    const needs = await worker.database.runs.steps(runId);
    for (const need of step.needs) {
      const { status } = needs.find(({ stepId, mapKey }) => stepId === need && mapKey === '') ?? {};
      if (!['succeeded', 'failed', 'skipped'].includes(status ?? '')) play.early.push(`${name}: ${need} is ${status}`);
    }
    if (action && !play.calm) {
      const other = steps[action.other % steps.length]?.id ?? step.id;
      await act(play, runId, { ...action, target: action.kind === 'skip-itself' ? step.id : other }, signal);
    }
    const fails = item ? step.items?.[Number(item.key.slice(1))] : step.fails;
    if (fails && !play.calm) throw new PerennialError('DATA_MISSING', `${name} fails`);
    if (context.attempt <= step.failsFirst) throw new Error(`${name} fails at first`);
    signal.throwIfAborted();
    play.succeeded.set(name, (play.succeeded.get(name) ?? 0) + 1);
    return null;
  };
  return definePipeline({
    id: `scenario-${index}`,
    title: 'Scenario',
    description: 'A random DAG with random interference.',
    params: Type.Object({}),
    steps: Object.fromEntries(
      Object.entries(stepsOfRandom(steps)).map(([id, settings]) => [
        id,
        { ...settings, heartbeat: '10s' as const, run: body(steps.find((step) => step.id === id) as RandomStep) },
      ]),
    ),
  });
};

interface StepBody {
  readonly runId: string;
  readonly attempt: number;
  readonly item: { readonly key: string } | undefined;
  readonly signal: AbortSignal;
}

/** Does what the person does; one who stops the step waits until it is stopped. */
async function act(
  play: Played,
  runId: string,
  { kind, target }: Action & { readonly target: string },
  signal: AbortSignal,
): Promise<void> {
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  const run = (await worker.database.runs.get(runId)) as RunRecord;
  if (kind === 'cancel') {
    await worker.launcher.cancel(run);
    return;
  }
  if (kind === 'skip-itself' || kind === 'skip-other') {
    await worker.launcher.skip(run, { stepId: target, by: 'ann', reason: 'random' });
    return kind === 'skip-itself' ? aborted : undefined;
  }
  const before = play.acting;
  const turn = before.then(async () => {
    await worker.launcher.pause(run, { mode: kind, by: 'ann', reason: 'random', at: new Date().toISOString() });
    await worker.until(runId, ({ status, finishedAt }) => status === 'paused' || finishedAt !== null);
    await worker.launcher.resume(run);
    // Else the next pause would take this one, still on record, for its own.
    await worker.until(runId, ({ status }) => status !== 'paused');
  });
  play.acting = turn;
  await (kind === 'checkpoint' ? aborted : turn);
}

beforeAll(async () => {
  worker = await runWorker(scenarios.map(pipelineOf));
});
afterAll(() => worker.close());

const whole = (records: readonly StepRecord[]) => records.filter(({ mapKey }) => mapKey === '');

async function check(index: number): Promise<void> {
  const { steps } = scenarios[index] as Scenario;
  const play = played[index] as Played;
  const { run } = await worker.starter.start({
    pipeline: `scenario-${index}`,
    trigger: { kind: 'api', by: 'test' },
  });
  const first = await worker.ended(run.id);
  await play.acting;
  const records = whole(await worker.database.runs.steps(run.id));
  const statuses = Object.fromEntries(records.map(({ stepId, status }) => [stepId, status]));
  const byHand = new Set(records.filter(({ reason }) => reason?.startsWith('skipped by')).map(({ stepId }) => stepId));
  expect(play.early).toEqual([]);
  if (first.status === 'cancelled') {
    expect(Object.values(statuses).filter((status) => status === 'pending' || status === 'running')).toEqual([]);
  } else {
    const expected = modelOf(steps, byHand);
    expect(statuses).toEqual(Object.fromEntries(expected.steps));
    expect(first.status).toBe(expected.run);
  }
  await worker.replay(run.id, saved.includes(index) ? { saveAs: `control-${index}` } : {});

  // A retry does what is missing, and nothing twice.
  play.calm = true;
  if (first.status !== 'succeeded') {
    const now = (await worker.database.runs.get(run.id)) as RunRecord;
    const reset = stepsToRestart(now, await worker.database.runs.steps(run.id));
    const next = await worker.database.runs.restart(run.id, { execution: 1, reset, skip: [], by: 'ann' });
    await worker.launcher.start(next);
    expect((await worker.ended(run.id)).status).toBe('succeeded');
    await worker.replay(run.id, saved.includes(index) ? { saveAs: `control-${index}-retried` } : {});
  }
  expect([...play.succeeded].filter(([, times]) => times !== 1)).toEqual([]);
}

describe('any DAG, whoever pauses, resumes, skips and cancels', () => {
  it('ends as a simple model says, does nothing twice, replays, and is completed by a retry', async () => {
    const all = scenarios.map((_, index) => index);
    const next = all.values();
    const lane = async (): Promise<void> => {
      for (const index of next)
        await check(index).catch((error: unknown) => {
          throw new Error(`Scenario ${index}: ${JSON.stringify(scenarios[index])}`, { cause: error });
        });
    };
    await Promise.all([lane(), lane(), lane(), lane()]);
  }, 240_000);
});
