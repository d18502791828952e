import type { RetrainingDecision } from '../../../contracts/decisions.ts';
import { dataOf, observedSeries } from '../../../contracts/retraining.ts';
import { checkPolicy, decisionIdOf } from '../../../domain/monitoring/retraining/index.ts';
import { pipelines } from '../../../pipelines/index.ts';
import { offersPolicy } from '../../../pipelines/offers/policy.ts';
import { draw } from './rows.ts';
import { runIds } from './runs.ts';
import { modelIds, rowsOn } from './versions.ts';
import { ago, day, hour, type Month } from './world.ts';

export const responsePolicyId = 'offers-response';

/** A policy that people have made and changed, and what its daily decisions read. */
async function responsePolicy(month: Month): Promise<void> {
  const { database, days } = month;
  const given = {
    id: responsePolicyId,
    title: 'Response to offers: when its calibration goes',
    pipeline: 'offers',
    model: modelIds.response,
    kpis: [{ name: 'realised_revenue_share', limit: 0.7 }],
    newData: { minAgeDays: 14, share: 0.1 },
  };
  const first = checkPolicy(given, pipelines);
  await database.policies.create({ ...first, origin: 'api', by: 'ada' }, ago(month, 25 * day));
  const second = checkPolicy({ ...given, newData: { minAgeDays: 7, share: 0.1 } }, pipelines);
  await database.policies.replace({ ...second, origin: 'api', by: 'ada' }, ago(month, 11 * day));
  await database.kpis.save(
    days.slice(0, -1).flatMap((date) => {
      const common = { pipeline: dataOf('offers'), market: '', date, runId: runIds.ofDay(date) };
      return [
        { ...common, name: observedSeries.labelled, value: rowsOn(month, date) },
        { ...common, name: observedSeries.volume, value: Math.round(3_700 + 600 * draw('rows', date)) },
      ];
    }),
  );
}

/** Policies, what they decided every day, and what people said to that. */
export async function seedDecisions(month: Month): Promise<void> {
  const { database, days } = month;
  const { definition, hash } = checkPolicy({ ...offersPolicy, pipeline: 'offers' }, pipelines);
  await database.policies.create({ definition, hash, origin: 'code', by: 'code' }, ago(month, 29 * day));
  await responsePolicy(month);
  for (const [n, date] of days.slice(0, -1).entries()) {
    const age = days.length - 1 - n;
    const trains = age % 7 === 5;
    const share = trains ? 0.064 : 0.01 * (n % 6);
    const newest = days.slice(Math.max(0, n - 9), n + 1);
    const decision: RetrainingDecision = {
      ...{
        id: decisionIdOf(definition.id, modelIds.lists, { kind: 'daily', ref: date }),
        pipeline: 'offers',
        model: modelIds.lists,
        runId: null,
        day: date,
      },
      at: ago(month, age * day - 20).toISOString(),
      verdict: trains ? 'retrain' : 'keep',
      summary: trains ? 'Trained again: 6.4 % new labelled rows in 7 days.' : 'Kept: nothing has changed enough.',
      reasons: [
        {
          rule: 'new-data',
          fired: trains,
          text: `${(share * 100).toFixed(1)} % new labelled rows since the last training; 5 % are needed.`,
          value: share,
          threshold: 0.05,
        },
        {
          rule: 'kpi:realised_hit',
          fired: false,
          text: 'realised_hit is 0.31, within 3 standard deviations.',
          value: 0.31,
          threshold: 0.27,
        },
        {
          rule: 'drift',
          fired: false,
          text: '1 of 4 columns has drifted; half of them would count.',
          value: 0.25,
          threshold: 0.5,
        },
      ],
      inputs: {
        championVersion: Math.max(1, 4 - Math.floor((age + 1) / 7)),
        kpis: { realised_hit: newest.map((day, i) => ({ day, value: 0.31 + 0.02 * Math.sin(i) })) },
        labelled: [{ day: date, value: rowsOn(month, date) }],
        volume: newest.map((day) => ({ day, value: Math.round(3_700 + 600 * draw('rows', day)) })),
        drift: newest.slice(-3).map((day) => ({ day, columns: 4, drifted: 1 })),
        findings: [],
        wanted: trains ? ['new-data'] : [],
        trainings: [
          {
            ...{
              at: ago(month, (age + 7) * day).toISOString(),
              endedAt: ago(month, (age + 7) * day - 90).toISOString(),
            },
            ...{ hours: 1.5, outcome: 'promoted', rules: ['new-data'], rows: rowsOn(month, date) - 30_000 },
          },
        ],
        trainingParams: { train: 'always', promote: 'rollout' },
      },
      policy: { name: definition.id, version: '1', thresholds: { share: 0.05 } },
      occasion: { kind: 'daily', ref: date },
      alert: null,
    };
    await database.decisions.save(decision);
    if (!trains) continue;
    await database.decisions.attachRun(decision.id, runIds.ofDay(date));
    await database.decisions.settle(decision.id, ago(month, age * day - hour));
  }
  const ofDay = (age: number): string =>
    decisionIdOf(definition.id, modelIds.lists, { kind: 'daily', ref: days[days.length - 1 - age] as string });
  const override = { verdict: 'retrain', by: 'bob', key: 'bob', approved: false } as const;
  const done = await database.decisions.addOverride(
    { ...override, decision: ofDay(8), reason: 'a new catalogue came in' },
    ago(month, 8 * day),
  );
  await database.decisions.decideOverride(
    done.id,
    {
      decision: ofDay(8),
      status: 'declined',
      by: 'ada',
      key: 'ada',
      note: 'the weekly training is tomorrow',
      fourEyes: true,
    },
    ago(month, 7.9 * day),
  );
  await database.decisions.addOverride(
    { ...override, decision: ofDay(1), reason: 'prices of Spain have changed for good' },
    ago(month, 6 * hour),
  );
}
