import type { Comparison, GateReading } from '../../../contracts/rollouts.ts';
import { kindOf, kindsOf } from '../../../domain/registry/kinds.ts';
import { noGateEvidence, withComparisons } from '../../../domain/rollout/gates.ts';
import { defaultPlan, planOf } from '../../../domain/rollout/index.ts';
import { judgeStep } from '../../../domain/rollout/judge.ts';
import { pipelines } from '../../../pipelines/index.ts';
import { draw, idOf } from './rows.ts';
import { modelIds } from './versions.ts';
import { ago, day, hour, type Month } from './world.ts';

export const rolloutIds = {
  finished: idOf('rollout', 'finished'),
  running: idOf('rollout', 'running'),
  paused: idOf('rollout', 'paused'),
};

const reading = (gate: string, state: GateReading['state'], count: number, text: string): GateReading => ({
  ...{
    gate,
    count,
    difference: 0.0004,
    chanceIfGood: 0.6,
    chanceIfHarmful: state === 'fine' ? 0.01 : 0.3,
    state,
    text,
  },
});

const pairCount = 640;

/** A request that both versions have answered: as fast and as sound, but less sure of itself. */
function pairOf(month: Month, n: number): Comparison {
  const ms = 30 + 40 * draw('ms', n);
  const error = n % 400 === 3 ? 'UNAVAILABLE' : null;
  // Few requests leave enough to the model to tell.
  const isScored = n % 28 === 0;
  const confidence = 0.7 + 0.2 * draw('confidence', n);
  return {
    ...{ rolloutId: rolloutIds.running, step: 1, requestId: `request-${n}` },
    at: ago(month, 118 - n / 5.5).toISOString(),
    served: n % 20 === 0 ? 'candidate' : 'base',
    base: { error, ms, scores: isScored ? { confidence } : {} },
    candidate: {
      ...{ error, ms: ms * (0.9 + 0.32 * draw('slower', n)) },
      scores: isScored ? { confidence: Math.max(0, confidence - 0.4 + 0.66 * draw('less', n)) } : {},
    },
  };
}

/** What the clock of the database has dated to now is of a time. */
async function setTimes({ client, now }: Month, at: Date): Promise<void> {
  const since = new Date(now.getTime() - 60_000);
  for (const table of ['traffic', 'model_alias_changes'])
    await client.query(`update ${table} set at = $1 where at > $2`, [at, since]);
}

/** A rollout that has ended, one that goes on and one that waits for people. */
export async function seedRollouts(month: Month): Promise<void> {
  const { database, client, markets } = month;
  const evidence = Object.fromEntries(defaultPlan.gates.map(({ name }) => [name, noGateEvidence]));
  const create = (
    id: string,
    model: string,
    version: number,
    base: number,
    at: Date,
    market = '',
    plan = defaultPlan,
  ) =>
    database.rollouts.create([
      {
        ...{ id, model, market, version, base, configuration: 0, baseConfiguration: 0, plan, by: 'ada' },
        reason: 'better on held-out text',
        createdAt: at.toISOString(),
      },
    ]);
  const begun = ago(month, 14 * day);
  await create(rolloutIds.finished, modelIds.translation, 3, 2, begun);
  await database.rollouts.change(rolloutIds.finished, 1, {
    rollout: {
      ...{
        status: 'completed',
        step: 3,
        finishedAt: ago(month, 13.5 * day).toISOString(),
        reason: 'Every gate passed every step.',
        evidence,
      },
      readings: [
        reading('errors', 'fine', 4_100, 'No more errors than the base: 0.02 % over 4,100 pairs.'),
        reading('latency', 'fine', 4_100, '2 % slower over 4,100 pairs; 10 % is tolerated.'),
      ],
    },
    promotes: true,
    event: { type: 'completed', by: 'rollout', text: 'Version 3 answers everybody.', data: {} },
  });
  await setTimes(month, ago(month, 13.5 * day));
  const plan = planOf(kindOf(kindsOf(pipelines.values()), modelIds.translation), {});
  await create(rolloutIds.running, modelIds.translation, 4, 3, ago(month, 5 * hour), '', plan);
  const pairs = Array.from({ length: pairCount }, (_, n) => pairOf(month, n));
  const seen = withComparisons(plan.gates, {}, pairs);
  const judgement = judgeStep(plan, 1, seen, 7_200);
  await database.rollouts.change(rolloutIds.running, 1, {
    rollout: {
      ...{ status: 'running', step: 1, stepSince: ago(month, 2 * hour).toISOString() },
      evidence: seen,
      readings: judgement.readings,
      reason: judgement.reason,
    },
    traffic: {
      routes: [
        { version: 3, configuration: 0, share: 0.95 },
        { version: 4, configuration: 0, share: 0.05 },
      ],
      compares: true,
    },
    event: { type: 'step', by: 'rollout', text: 'Version 4 answers 5 % of the callers.', data: { step: 1 } },
  });
  await database.rollouts.addComparisons(pairs);
  await setTimes(month, ago(month, 2 * hour));
  const market = markets[2] as string;
  await create(rolloutIds.paused, modelIds.lists, 5, 4, ago(month, 2 * day), market);
  await database.rollouts.change(rolloutIds.paused, 1, {
    rollout: {
      status: 'paused',
      step: 0,
      stepSince: ago(month, 2 * day).toISOString(),
      evidence,
      reason: 'The gates of step 1 of 4 did not decide in time: a person has to.',
      readings: [reading('errors', 'open', 120, 'Too few lists to say.')],
    },
    event: { type: 'paused', by: 'rollout', text: 'The gates of step 1 did not decide in 4 h.', data: {} },
  });
  await client.query(
    `update rollout_events e set at = r.created_at + (e.id - (select min(id) from rollout_events where rollout_id = r.id)) * interval '30 minutes'
     from rollouts r where r.id = e.rollout_id`,
  );
}
