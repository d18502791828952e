import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRetrainingHandler } from '../../../../domain/monitoring/retraining/index.ts';
import { coolDownRule } from '../../../../domain/monitoring/retraining/rules.ts';
import { advanceRollout } from '../../../../domain/rollout/index.ts';
import { openPublishingPlace, type PublishingPlace } from '../../../support/published.ts';
import { storeTraining } from '../../../support/retraining.ts';

const model = 'translation-en-de';
const clock = { now: () => new Date() };
const hoursAgo = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();
let place: PublishingPlace;
beforeAll(async () => {
  place = await openPublishingPlace();
});
afterAll(() => place.close());

/** A decision whose run has made a version that is no champion. */
async function decided(id: string, hours: number) {
  const { database } = place;
  const at = hoursAgo(hours);
  await database.decisions.save({
    ...{ id, pipeline: 'translation', model, runId: null, at, day: at.slice(0, 10), verdict: 'retrain' as const },
    ...{ summary: 'because', reasons: [], inputs: { wanted: ['new-data'] }, alert: null },
    policy: { name: 'translation', version: '1', thresholds: {} },
    occasion: { kind: 'daily', ref: at.slice(0, 10) },
  });
  const run = await storeTraining(
    place,
    ...([
      model,
      { at, endedAt: at, outcome: 'rejected', promotedAt: null, dataEnd: at.slice(0, 10), rows: 100 },
    ] as const),
  );
  await database.decisions.attachRun(id, run);
  return (await database.decisions.get(id))!.links.version!.version;
}

/** What the events role does with what the rollout told. */
async function told(rollout: string) {
  const { database } = place;
  const launcher = { watch: () => Promise.reject(new Error('a rollout starts no watch')) };
  const handle = createRetrainingHandler({ ...database, launcher, clock });
  const types = ['rollout.completed', 'rollout.rolled-back', 'rollout.aborted'];
  const events = await database.events.list({ types, subject: rollout, limit: 9 });
  expect(events).toHaveLength(1);
  for (const event of events) await handle(event);
}
const trainings = () => place.database.trainings.trainings(model, { limit: 10 });

it('leads from the decision to the rollout of its version, and keeps what became of it', async () => {
  const { database, rollouts } = place;
  await storeTraining(place, model, {
    ...{ at: hoursAgo(900), endedAt: hoursAgo(900), outcome: 'promoted', promotedAt: hoursAgo(900) },
    ...{ dataEnd: '2026-01-01', rows: 100 },
  });
  const version = await decided('d1', 50);
  const [rollout] = await rollouts.start({ model, version, reason: 'better beyond chance' }, 'run r');
  const id = rollout!.id;
  await database.decisions.settle('d1', clock.now());
  expect((await database.decisions.get('d1'))?.links).toMatchObject({
    ...{ rollout: id, outcome: 'challenger', why: `Rollout ${id} brings version ${version} in.` },
  });
  // Nothing is trained before it is known whether the last version is better.
  const [underWay] = await trainings();
  expect(underWay).toMatchObject({ outcome: 'challenger', inRollout: true });
  const rest = coolDownRule(
    { coolDownHours: 24 } as never,
    { at: clock.now(), state: { championVersion: 1, trainings: [underWay] } } as never,
  );
  expect(rest).toMatchObject({ fired: true, text: expect.stringContaining('brought in by a rollout') });

  await rollouts.tell(id, 'abort', 'odd commas', 'ada');
  await told(id);
  expect((await database.decisions.get('d1'))?.links).toMatchObject({
    ...{ rollout: id, outcome: 'rejected' },
    why: expect.stringMatching(new RegExp(`^Rollout ${id} of version ${version} was aborted: .*odd commas`)),
  });
  // It counts among those after which people decide.
  expect((await trainings())[0]).toMatchObject({ outcome: 'rejected', inRollout: false, rules: ['new-data'] });
});

it('counts a version that its rollout has made the champion as promoted', async () => {
  const { database, rollouts } = place;
  const version = await decided('d2', 40);
  const [rollout] = await rollouts.start({ model, version, reason: 'better beyond chance' }, 'run r');
  const id = rollout!.id;
  await advanceRollout({ rollouts: database.rollouts, clock }, id);
  for (let step = 0; step < rollout!.plan.steps.length; step++) await rollouts.tell(id, 'skip', 'seen enough', 'ada');
  await told(id);
  expect((await database.decisions.get('d2'))?.links).toMatchObject({ rollout: id, outcome: 'promoted' });
  expect((await trainings())[0]).toMatchObject({ outcome: 'promoted', inRollout: false });
});
