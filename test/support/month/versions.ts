import { idOf } from './rows.ts';
import { runIds } from './runs.ts';
import { ago, day, hour, type Month } from './world.ts';

/** Models of the month. */
export const modelIds = {
  lists: 'offers-next-products',
  response: 'offers-response',
  translation: 'translation-en-de',
} as const;

const meanings: Readonly<Record<string, { readonly title: string; readonly digits: number }>> = {
  ndcg_all: { title: 'NDCG@10', digits: 3 },
  ndcg_new: { title: 'NDCG@10, new products', digits: 3 },
  calibration_error: { title: 'Calibration error', digits: 3 },
  auc: { title: 'AUC', digits: 3 },
  bleu: { title: 'BLEU', digits: 1 },
  chrf: { title: 'chrF', digits: 1 },
  term_accuracy: { title: 'Term accuracy', digits: 2 },
};

const usesOf: Readonly<Record<string, string>> = {
  [modelIds.lists]: 'Lists, for each customer, the products it buys next and those it has never bought here.',
  [modelIds.response]: 'Says how likely an offer of a product at a discount leads to a sale.',
  [modelIds.translation]: 'Translates sentences of the shop from English to German, with the terms of a glossary.',
};

interface Made {
  readonly model: string;
  readonly formatVersion: number;
  readonly runId: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly title: string;
  readonly pipeline: string;
  readonly at: Date;
}

/** Versions with what they measure and come from, their aliases, and configurations. */
export async function seedVersions(month: Month): Promise<void> {
  const { database, client, days } = month;
  const last = days.length - 1;
  const nextProducts = { model: modelIds.lists, formatVersion: 2, pipeline: 'offers', title: 'Next products' };
  const responses = { model: modelIds.response, formatVersion: 1, pipeline: 'offers', title: 'Response to offers' };
  const translations = {
    ...{
      model: modelIds.translation,
      formatVersion: 1,
      pipeline: 'translation',
      title: 'Translation from English to German',
    },
  };
  const madeOn = (age: number) => ({ runId: runIds.ofDay(days[last - age] as string), at: ago(month, age * day) });
  const made: readonly Made[] = [
    ...[26, 19, 12, 5].map((age, n) => ({
      ...{ ...nextProducts, ...madeOn(age) },
      metrics: { ndcg_all: 0.41 + n / 100, ndcg_new: 0.21 + n / 100, calibration_error: 0.02 },
    })),
    { ...nextProducts, ...madeOn(3), metrics: { ndcg_all: 0.452, ndcg_new: 0.247, calibration_error: 0.018 } },
    ...[24, 10].map((age, n) => ({
      ...{ ...responses, ...madeOn(age) },
      metrics: { auc: 0.71 + n / 50, calibration_error: 0.03 },
    })),
    ...[0, 1, 2, 3].map((week) => ({
      ...{ ...translations, runId: runIds.translation(week), at: ago(month, (28 - 7 * week) * day - 3 * hour) },
      metrics: { bleu: 28 + week, chrf: 55 + week, term_accuracy: 0.9 + week / 100 },
    })),
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
        ...{ title, use: [usesOf[version.model] ?? ''], limits: ['It knows nothing of what came after its day.'] },
        metrics: Object.fromEntries(
          Object.keys(version.metrics).map((name) => [
            name,
            { title: name, ...meanings[name], better: /error/.test(name) ? 'lower' : 'higher' } as const,
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
    const by = model === modelIds.translation ? 'translation' : 'offers';
    await database.models.setAlias(model, name, version, by, reason);
    await client.query(
      `with newest as (update model_alias_changes set at = $2 where id = (select max(id) from model_alias_changes where model = $1))
       update traffic set at = $2 where model = $1 and revision = (select max(revision) from traffic where model = $1)`,
      [model, at],
    );
  };
  for (const [n, age] of [26, 19, 12, 5].entries())
    await alias(
      modelIds.lists,
      'champion',
      n + 1,
      ago(month, age * day),
      `NDCG ${(0.41 + n / 100).toFixed(2)}: better than its predecessor`,
    );
  await alias(modelIds.lists, 'challenger', 5, ago(month, 3 * day), 'not yet better beyond chance');
  await alias(modelIds.response, 'champion', 1, ago(month, 24 * day), 'the first');
  await alias(
    modelIds.response,
    'champion',
    2,
    ago(month, 10 * day),
    'AUC 0.73 over 0.71 on days that neither has learned from',
  );
  await alias(modelIds.translation, 'champion', 1, ago(month, 27 * day), 'the first');
  await alias(modelIds.translation, 'champion', 2, ago(month, 20 * day), 'BLEU 29 over 28');
  await database.models.describe(modelIds.lists, 5, {
    description: 'Trained on the catalogue of winter; looked at by the sales team.',
    labels: { season: 'winter', 'reviewed-by': 'ada' },
  });
  const settings = [{ beam: 4 }, { beam: 4, memoryThreshold: 0.8 }];
  for (const [n, one] of settings.entries())
    await database.configurations.add({
      ...{ model: modelIds.translation, settings: one, sha256: idOf('configuration', n), by: 'ada' },
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
  const isText = model === modelIds.translation;
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
