import { Worker } from '@temporalio/worker';
import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DecisionShown } from '../../contracts/decisions.ts';
import type { CloudEvent } from '../../contracts/events.ts';
import { retrainingWatchId } from '../../contracts/names.ts';
import { definePipeline } from '../../domain/dag/index.ts';
import { createRetrainingHandler } from '../../domain/monitoring/retraining/index.ts';
import { saveHistory, workflowCode } from '../support/dag-worker.ts';
import { storeSeries, storeTraining } from '../support/retraining.ts';
import { type Scheduler, startScheduler } from '../support/scheduler.ts';

const model = 'watched-model';
/** What the next trainings come to. */
let next: 'promoted' | 'rejected' | 'failed' | 'long' = 'promoted';
let trained: { seed: number; promote: string; size: string }[] = [];

const trains = definePipeline({
  id: 'trains',
  title: 'Trains',
  description: 'For tests.',
  params: Type.Object({
    seed: Type.Integer({ default: 1 }),
    size: Type.String({ default: 'small' }),
    promote: Type.String({ default: 'auto' }),
  }),
  policies: [{ id: 'trains', model, training: { params: { seed: 7 } } }],
  steps: {
    train: {
      resources: { class: 'light' },
      retry: { attempts: 1 },
      async run({ runId, params, signal }) {
        trained.push(params);
        if (next === 'long') await new Promise((resolve) => signal.addEventListener('abort', resolve));
        signal.throwIfAborted();
        if (next === 'failed') throw new Error('no memory left');
        const { database } = scheduler.api;
        const { version } = await database.models.add({
          model,
          formatVersion: 1,
          artifact: { uri: `artifact:sha256:${runId}`, sha256: runId, bytes: 1 },
          metrics: {},
          lineage: { asOf: today(), rows: 2000, params: { size: params.size } },
          runId,
        });
        const alias = next === 'promoted' && params.promote !== 'never' ? 'champion' : 'challenger';
        await database.models.setAlias(model, alias, version, `run ${runId}`, `${next} by the test`);
        return { version };
      },
    },
  },
});

let scheduler: Scheduler;
beforeAll(async () => {
  scheduler = await startScheduler(new Map([['trains', trains]]));
});
afterAll(() => scheduler.close());

const today = (): string => new Date().toISOString().slice(0, 10);
const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
const policy = { id: 'fresh', pipeline: 'trains', model, training: { params: { seed: 7 } } };
const show = (id: string) => scheduler.get<DecisionShown>(`/v1/decisions/${id}`);
const settled = (id: string, isWanted: (decision: DecisionShown) => boolean) =>
  scheduler.until(
    () => show(id),
    (decision) => 'links' in decision && isWanted(decision),
  );

/** A champion of so many days ago that learned from 1000 rows; there are so many now. */
async function past(days: number, rows: number): Promise<void> {
  const at = daysAgo(days);
  await storeTraining(
    scheduler.api,
    model,
    { at, endedAt: at, outcome: 'promoted', promotedAt: at, dataEnd: at.slice(0, 10), rows: 1000 },
    { size: 'large' },
  );
  await storeSeries(scheduler.api.database, 'trains', { labelled: [{ day: today(), value: rows }] });
}

async function ask(): Promise<DecisionShown> {
  const { body } = await scheduler.post<{ decisions: string[] }>('/v1/decisions', { policy: 'fresh' });
  return scheduler.until(
    () => show(body.decisions[0] ?? ''),
    (decision) => 'links' in decision,
  );
}

describe('the watch over retraining', () => {
  it('decides no while nothing asks for a training, and keeps that', async () => {
    await past(10, 1010);
    await scheduler.api.call('PUT', '/v1/policies/fresh', { body: policy });
    const decision = await ask();
    expect(decision).toMatchObject({
      verdict: 'keep',
      model,
      pipeline: 'trains',
      occasion: { kind: 'manual' },
      links: { run: null },
    });
    expect(trained).toEqual([]);
  });

  it('trains as the champion was trained when a rule says so, and links run, version and outcome', async () => {
    await storeSeries(scheduler.api.database, 'trains', { labelled: [{ day: today(), value: 1100 }] });
    const { id } = await ask();
    const decision = await settled(id, ({ links }) => links.outcome !== null);
    expect(decision).toMatchObject({
      verdict: 'retrain',
      links: { run: { status: 'succeeded' }, version: { model, version: 2 }, outcome: 'promoted' },
    });
    expect(decision.links.promotedAt).not.toBeNull();
    expect(decision.links.why).toContain('promoted by the test');
    expect(trained).toEqual([{ seed: 7, size: 'large', promote: 'auto' }]);
    const run = await scheduler.get<{ trigger: object; idempotencyKey: string }>(`/v1/runs/${decision.links.run?.id}`);
    expect(run).toMatchObject({ trigger: { kind: 'decision', by: id } });
    const handle = scheduler.temporal.client.workflow.getHandle(`${retrainingWatchId}-manual-${decision.occasion.ref}`);
    await handle.result();
    const history = await handle.fetchHistory();
    saveHistory('retraining-watch', history);
    await Worker.runReplayHistory(await workflowCode(), history);
  });

  it('only keeps the decisions of a policy that observes', async () => {
    const observing = {
      ...policy,
      id: 'observing',
      mode: 'observe',
      coolDownHours: 0,
      newData: { minAgeDays: 0, share: 0 },
    };
    await storeSeries(scheduler.api.database, 'trains', { labelled: [{ day: today(), value: 9000 }] });
    await scheduler.api.call('PUT', '/v1/policies/observing', { body: observing });
    const { body } = await scheduler.post<{ decisions: string[] }>('/v1/decisions', { policy: 'observing' });
    const decision = await scheduler.until(
      () => show(body.decisions[0] ?? ''),
      (found) => 'links' in found,
    );
    expect(decision.verdict).toBe('retrain');
    await scheduler.temporal.client.workflow.getHandle(`${retrainingWatchId}-manual-${decision.occasion.ref}`).result();
    expect((await show(decision.id)).links.run).toBeNull();
    await scheduler.api.call('DELETE', '/v1/policies/observing');
  });

  it('rests after a training', async () => {
    await storeSeries(scheduler.api.database, 'trains', { labelled: [{ day: today(), value: 9000 }] });
    expect((await ask()).verdict).toBe('keep');
    expect(trained).toHaveLength(1);
  });

  it('carries out an approved override as a challenger that does not promote itself', async () => {
    trained = [];
    await scheduler.api.call('PUT', '/v1/policies/fresh', { body: { ...policy, fourEyes: false } });
    const { id } = await ask();
    await scheduler.post(`/v1/decisions/${id}/overrides`, { verdict: 'challenger', reason: 'to compare' });
    const decision = await settled(id, ({ links }) => links.outcome !== null);
    expect(decision).toMatchObject({
      verdict: 'keep',
      effective: 'challenger',
      links: { outcome: 'challenger', promotedAt: null },
    });
    expect(trained).toMatchObject([{ promote: 'never' }]);
  });

  it('keeps why a training failed', async () => {
    next = 'failed';
    const { id } = await ask();
    await scheduler.post(`/v1/decisions/${id}/overrides`, { verdict: 'retrain', reason: 'try again' });
    const decision = await settled(id, ({ links }) => links.outcome !== null);
    expect(decision.links).toMatchObject({ run: { status: 'failed' }, version: null, outcome: 'failed' });
    expect(decision.links.why).toContain('no memory left');
    next = 'promoted';
  });

  it('stops a training when a person says keep', async () => {
    next = 'long';
    const { id } = await ask();
    await scheduler.post(`/v1/decisions/${id}/overrides`, { verdict: 'retrain', reason: 'try again' });
    await settled(id, ({ links }) => links.run?.status === 'running');
    await scheduler.post(`/v1/decisions/${id}/overrides`, { verdict: 'keep', reason: 'the data are wrong' });
    const decision = await settled(id, ({ links }) => links.outcome !== null);
    expect(decision).toMatchObject({ effective: 'keep', links: { run: { status: 'cancelled' }, outcome: 'failed' } });
    expect(decision.overrides.map(({ verdict, status }) => [verdict, status])).toEqual([
      ['retrain', 'approved'],
      ['keep', 'approved'],
    ]);
    next = 'promoted';
  });

  it('decides daily by its schedule, once for a day', async () => {
    const { retrainingLauncher, client } = scheduler.temporal;
    await retrainingLauncher.schedule();
    await retrainingLauncher.schedule();
    await client.schedule.getHandle(retrainingWatchId).trigger();
    const id = `fresh.${model}.${today()}`;
    const decision = await scheduler.until(
      () => show(id),
      (found) => 'links' in found,
    );
    expect(decision).toMatchObject({ occasion: { kind: 'daily', ref: today() }, verdict: 'keep' });
    const description = await client.schedule.getHandle(retrainingWatchId).describe();
    expect(description.info.nextActionTimes[0]?.getUTCHours()).toBe(5);
  });

  it('decides on events of its pipeline, corrections of an hour together, and sees later promotions', async () => {
    const { database } = scheduler.api;
    const handle = createRetrainingHandler({
      ...database,
      launcher: scheduler.temporal.retrainingLauncher,
      clock: { now: () => new Date() },
    });
    const event = (given: Pick<CloudEvent, 'type' | 'source' | 'id'> & { data: object }): CloudEvent => ({
      specversion: '1.0',
      time: new Date().toISOString(),
      ...given,
      data: given.data as never,
    });
    const drift = event({
      type: 'drift.detected',
      source: '/monitors/x',
      id: 'd1',
      data: { pipeline: 'trains', columns: 4, drifted: 3 },
    });
    await handle(drift);
    await handle(drift);
    for (const id of ['f1', 'f2'])
      await handle(
        event({ type: 'feedback.received', source: '/memories/m', id, data: { pipeline: 'trains', memory: 'm' } }),
      );
    await handle(
      event({
        type: 'drift.detected',
        source: '/monitors/x',
        id: 'd2',
        data: { pipeline: 'another', columns: 4, drifted: 3 },
      }),
    );
    const made = await scheduler.until(
      async () =>
        (await database.decisions.list({ model, limit: 50 })).decisions.filter(
          ({ occasion }) => occasion.kind === 'event',
        ),
      (found) => found.length >= 2,
    );
    expect(made.map(({ occasion }) => occasion.ref.slice(0, 5)).sort()).toEqual(['drift', 'feedb']);

    const waiting = (await database.decisions.list({ model, verdict: 'challenger', limit: 1 }))
      .decisions[0] as DecisionShown;
    const version = waiting.links.version?.version ?? 0;
    await database.models.setAlias(model, 'champion', version, 'somebody', 'it is better after all');
    await handle(
      event({
        type: 'model.promoted',
        source: `/models/${model}`,
        id: 'champion/9',
        data: { model, alias: 'champion', version },
      }),
    );
    expect((await show(waiting.id)).links).toMatchObject({
      outcome: 'promoted',
      why: expect.stringContaining('after all'),
    });
  });
});
