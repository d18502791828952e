import type { RetrainingDecision } from '../../../contracts/decisions.ts';
import { dataOf, observedSeries } from '../../../contracts/retraining.ts';
import type { Comparison, GateReading } from '../../../contracts/rollouts.ts';
import { checkPolicy, decisionIdOf } from '../../../domain/monitoring/retraining/index.ts';
import { kindOf, kindsOf } from '../../../domain/registry/kinds.ts';
import { noGateEvidence, withComparisons } from '../../../domain/rollout/gates.ts';
import { defaultPlan, planOf } from '../../../domain/rollout/index.ts';
import { judgeStep } from '../../../domain/rollout/judge.ts';
import { pipelines } from '../../../pipelines/index.ts';
import { offersPolicy } from '../../../pipelines/offers/policy.ts';
import { draw, idOf } from './rows.ts';
import { runIds } from './runs.ts';
import { ago, day, hour, type Month } from './world.ts';

export const responsePolicyId = 'offers-response';
export const rolloutIds = {
  finished: idOf('rollout', 'finished'),
  running: idOf('rollout', 'running'),
  paused: idOf('rollout', 'paused'),
};
const lists = 'offers-next-products';
const response = 'offers-response';
const translation = 'translation-en-de';

/** Versions with aliases, traffic and rollouts; policies, decisions, and what people said to them. */
export async function seedModels(month: Month): Promise<void> {
  await versions(month);
  await rollouts(month);
  await decisions(month);
}

interface Made {
  readonly model: string;
  readonly formatVersion: number;
  readonly runId: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly title: string;
  readonly pipeline: string;
  readonly at: Date;
}

async function versions(month: Month): Promise<void> {
  const { database, client, days } = month;
  const last = days.length - 1;
  const made: Made[] = [
    ...[26, 19, 12, 5].map(
      (age, n): Made => ({
        ...{
          model: lists,
          formatVersion: 2,
          pipeline: 'offers',
          title: 'Next products',
          runId: runIds.ofDay(days[last - age] as string),
        },
        ...{
          metrics: { ndcg_all: 0.41 + n / 100, ndcg_new: 0.21 + n / 100, calibration_error: 0.02 },
          at: ago(month, age * day),
        },
      }),
    ),
    ...[3].map(
      (age): Made => ({
        ...{
          model: lists,
          formatVersion: 2,
          pipeline: 'offers',
          title: 'Next products',
          runId: runIds.ofDay(days[last - age] as string),
        },
        ...{ metrics: { ndcg_all: 0.452, ndcg_new: 0.247, calibration_error: 0.018 }, at: ago(month, age * day) },
      }),
    ),
    ...[24, 10].map(
      (age, n): Made => ({
        ...{
          model: response,
          formatVersion: 1,
          pipeline: 'offers',
          title: 'Response to offers',
          runId: runIds.ofDay(days[last - age] as string),
        },
        ...{ metrics: { auc: 0.71 + n / 50, calibration_error: 0.03 }, at: ago(month, age * day) },
      }),
    ),
    ...[0, 1, 2, 3].map(
      (week): Made => ({
        ...{
          model: translation,
          formatVersion: 1,
          pipeline: 'translation',
          title: 'Translation from en to de',
          runId: runIds.translation(week),
        },
        ...{
          metrics: { bleu: 28 + week, chrf: 55 + week, term_accuracy: 0.9 + week / 100 },
          at: ago(month, (28 - 7 * week) * day - 3 * hour),
        },
      }),
    ),
  ];
  const numbers = new Map<string, number>();
  for (const { at, title, pipeline, ...version } of made) {
    const sha256 = idOf(version.model, version.runId).replaceAll('-', '').repeat(2);
    const number = (numbers.get(version.model) ?? 0) + 1;
    numbers.set(version.model, number);
    await database.models.add({
      ...version,
      metrics: { ...version.metrics },
      artifact: { uri: `artifact:sha256:${sha256}`, sha256, bytes: 4_200_000 },
      ...partsOf(version, sha256),
      facts: {
        ...{ title, use: ['Lists and translations of the demo.'], limits: ['It knows what lies before its day.'] },
        metrics: Object.fromEntries(
          Object.keys(version.metrics).map((name) => [
            name,
            { title: name, better: /error/.test(name) ? 'lower' : 'higher' } as const,
          ]),
        ),
      },
      lineage: {
        pipeline,
        run: version.runId,
        step: 'publish',
        asOf: at.toISOString().slice(0, 10),
        code: { version: '0.1.0', commit: 'c0ffee', steps: { publish: '2' } },
        rows: rowsOn(month, at.toISOString().slice(0, 10)),
        data: [
          {
            dataset: pipeline === 'offers' ? 'offers/sales' : 'parallel/catalogue',
            rows: rowsOn(month, at.toISOString().slice(0, 10)),
            sha256: idOf('data', version.runId),
            asOf: at.toISOString().slice(0, 10),
          },
        ],
        params:
          pipeline === 'offers' ? { ranker: 'closed-form', seed: 1 } : { pair: 'en-de', seed: 1, hours: 2 + number },
      },
    });
    await client.query('update model_versions set created_at = $3 where model = $1 and version = $2', [
      version.model,
      number,
      at,
    ]);
  }
  const alias = async (model: string, name: string, version: number, at: Date, reason: string): Promise<void> => {
    await database.models.setAlias(model, name, version, 'offers', reason);
    await client.query(
      `with newest as (update model_alias_changes set at = $2 where id = (select max(id) from model_alias_changes where model = $1))
       update traffic set at = $2 where model = $1 and revision = (select max(revision) from traffic where model = $1)`,
      [model, at],
    );
  };
  for (const [n, age] of [26, 19, 12, 5].entries())
    await alias(
      lists,
      'champion',
      n + 1,
      ago(month, age * day),
      `NDCG ${(0.41 + n / 100).toFixed(2)}: better than its predecessor`,
    );
  await alias(lists, 'challenger', 5, ago(month, 3 * day), 'not yet better beyond chance');
  await alias(response, 'champion', 1, ago(month, 24 * day), 'the first');
  await alias(
    response,
    'champion',
    2,
    ago(month, 10 * day),
    'AUC 0.73 over 0.71 on days that neither has learned from',
  );
  await alias(translation, 'champion', 1, ago(month, 27 * day), 'the first');
  await alias(translation, 'champion', 2, ago(month, 20 * day), 'BLEU 29 over 28');
  await database.models.describe(lists, 5, {
    description: 'Trained on the catalogue of winter; looked at by the sales team.',
    labels: { season: 'winter', 'reviewed-by': 'ada' },
  });
  const settings = [{ beam: 4 }, { beam: 4, memoryThreshold: 0.8 }];
  for (const [n, one] of settings.entries())
    await database.configurations.add({
      ...{ model: translation, settings: one, sha256: idOf('configuration', n), by: 'ada' },
      reason: n === 0 ? 'better translations of long sentences' : 'the memory is clean enough for closer matches',
    });
}

/** Labelled rows there are on a day: some more every day, many more on Fridays. */
export const rowsOn = ({ days }: Pick<Month, 'days'>, date: string): number => {
  const n = days.indexOf(date);
  return 500_000 + Math.max(0, n) * 3_900 + 9_000 * Math.floor(Math.max(0, n) / 7);
};

/** Files and signature of a version. */
function partsOf({ model }: Pick<Made, 'model'>, sha256: string) {
  const file = (name: string, bytes: number) => {
    const hash = idOf(sha256, name).replaceAll('-', '').repeat(2);
    return { name, uri: `artifact:sha256:${hash}`, sha256: hash, bytes };
  };
  const isText = model === translation;
  return {
    files: [
      { name: 'model', uri: `artifact:sha256:${sha256}`, sha256, bytes: 4_200_000 },
      ...(isText ? [file('weights', 38_400_000), file('tokenizer', 212_000)] : [file('profile', 96_000)]),
    ],
    signature: {
      inputs: [
        isText
          ? { name: 'tokens', type: 'int32', shape: 'sentences × subwords', means: 'Ids of the tokenizer.' }
          : {
              name: 'baskets',
              type: 'float32',
              shape: 'customers × products',
              means: 'What each customer has bought.',
            },
      ],
      outputs: [
        isText
          ? { name: 'translation', type: 'int32', shape: 'sentences × subwords', means: 'Ids of the best translation.' }
          : {
              name: 'scores',
              type: 'float32',
              shape: 'customers × products',
              means: 'The higher, the sooner it is bought.',
            },
      ],
    },
  };
}

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

async function rollouts(month: Month): Promise<void> {
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
  await create(rolloutIds.finished, translation, 3, 2, begun);
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
  const plan = planOf(kindOf(kindsOf(pipelines.values()), translation), {});
  await create(rolloutIds.running, translation, 4, 3, ago(month, 5 * hour), '', plan);
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
  await create(rolloutIds.paused, lists, 5, 4, ago(month, 2 * day), market);
  await database.rollouts.change(rolloutIds.paused, 1, {
    rollout: {
      status: 'paused',
      step: 0,
      stepSince: ago(month, 2 * day).toISOString(),
      evidence,
      reason: 'Step 1 of 4 did not decide in its time: people have to.',
      readings: [reading('errors', 'open', 120, 'Too few lists to say.')],
    },
    event: { type: 'paused', by: 'rollout', text: 'The gates of step 1 did not decide in 4 h.', data: {} },
  });
  await client.query(
    `update rollout_events e set at = r.created_at + (e.id - (select min(id) from rollout_events where rollout_id = r.id)) * interval '30 minutes'
     from rollouts r where r.id = e.rollout_id`,
  );
}

/** A policy that people have made and changed, and what its daily decisions read. */
async function responsePolicy(month: Month): Promise<void> {
  const { database, days } = month;
  const given = {
    id: responsePolicyId,
    title: 'Response to offers: when its calibration goes',
    pipeline: 'offers',
    model: response,
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

async function decisions(month: Month): Promise<void> {
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
        id: decisionIdOf(definition.id, lists, { kind: 'daily', ref: date }),
        pipeline: 'offers',
        model: lists,
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
    decisionIdOf(definition.id, lists, { kind: 'daily', ref: days[days.length - 1 - age] as string });
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
