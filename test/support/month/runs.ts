import type { JsonObject } from '../../../contracts/json.ts';
import { type AnyPipeline, limitKeyOf } from '../../../domain/dag/index.ts';
import { limitsOf } from '../../../domain/dag/limits.ts';
import { validateParams } from '../../../domain/dag/params.ts';
import { offers } from '../../../pipelines/offers/index.ts';
import { translateDocument } from '../../../pipelines/translate-document/index.ts';
import { translation } from '../../../pipelines/translation/index.ts';
import { draw, idOf, insertRows } from './rows.ts';
import { addRun, noRows, type RunRows, runTables, type SeededRun, secondsOfMiddle } from './run-rows.ts';
import { ago, day, hour, type Month } from './world.ts';

/** Ids of runs that other parts of the month speak of. */
export const runIds = {
  ofDay: (date: string): string => idOf('offers', date),
  failedMarket: idOf('offers', 'failed-market'),
  queued: idOf('offers', 'queued'),
  failedTranslation: idOf('translation', 'failed'),
  translation: (week: number): string => idOf('translation', week),
  document: (n: number): string => idOf('document-run', n),
  backfill: (n: number): string => idOf('backfill-run', n),
};
export const backfillId = idOf('backfill', 1);

/** Minutes since the newest run of offers began, which has come so far with its markets. */
const newestBegan = 55;

type Given = Omit<SeededRun, 'pipeline' | 'params'> & { readonly params: JsonObject };

/** The runs of the month: those of every day, and one of each kind that can be seen. */
export async function seedRuns(month: Month): Promise<void> {
  const rows = noRows();
  offersRuns(month, rows);
  translationRuns(month, rows);
  documentRuns(month, rows);
  for (const table of runTables) await insertRows(month.client, table, rows[table]);
}

function adder(rows: RunRows, pipeline: AnyPipeline): (run: Given) => void {
  return ({ params: given, ...run }) => {
    const params = validateParams(pipeline, given);
    const limits = limitKeyOf(pipeline) === undefined && !pipeline.concurrency ? {} : limitsOf(pipeline, params);
    addRun(rows, {
      ...{
        pipeline,
        params,
        limits: Object.fromEntries(Object.entries(limits).filter(([, most]) => most !== null)) as Record<
          string,
          number
        >,
      },
      ...run,
    });
  };
}

/** Steps of a day on which no model is trained. */
const notTrained: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      'represent-holdout',
      'train-holdout',
      'evaluate',
      'represent',
      'train',
      'profile',
      'publish',
      'evaluation-report',
    ].map((step) => [step, 'its condition says no: the champion is good enough']),
  ),
  'compare-lists': 'its condition says no: no rollout compares lists',
};

function offersRuns(month: Month, rows: RunRows): void {
  const add = adder(rows, offers);
  const { days, markets, now, today } = month;
  const schedule = { kind: 'schedule', by: 'offers-daily' } as const;
  const output: SeededRun['output'] = (step, item) =>
    step === 'predict' && item !== '' ? { customers: 20 + Math.floor(draw(item) * 400), modelVersion: 5 } : { step };
  days.forEach((date, n) => {
    const age = days.length - 1 - n;
    const isTraining = age % 7 === 5;
    const base = {
      ...{ params: { asOf: date }, partition: date, trigger: schedule, keys: markets, output },
      createdAt: ago(month, newestBegan + age * day),
      seconds: (isTraining ? 5_400 : 2_700) * (0.9 + draw('seconds', date) / 5),
      skipped: isTraining ? { 'compare-lists': notTrained['compare-lists'] as string } : notTrained,
      metrics: { kpis: { customers: 4_100 + n, expected_revenue: 91_000 + 150 * n } },
    };
    if (age === 9) {
      // Came too late that day, and was done again by hand.
      const error = {
        code: 'DATA_MISSING',
        message: `There are no sales of ${date} in the source: its newest file is of the day before.`,
        remedy: 'Ask whoever delivers the files; then retry the run.',
      } as const;
      add({
        ...base,
        id: idOf('offers', date, 'failed'),
        status: 'failed',
        seconds: 95,
        fault: { step: 'ingest', error },
      });
      const createdAt = new Date(base.createdAt.getTime() + 3 * hour * 60_000);
      add({ ...base, id: runIds.ofDay(date), status: 'succeeded', createdAt, trigger: { kind: 'rerun', by: 'ada' } });
    } else if (date === today)
      add({
        ...base,
        id: runIds.ofDay(date),
        status: 'running',
        seconds: secondsOfMiddle(offers, notTrained, newestBegan * 60),
        now,
      });
    else add({ ...base, id: runIds.ofDay(date), status: 'succeeded' });
  });
  const yesterday = days.at(-2) as string;
  const marketRun = (market: string, date: string) => ({
    ...{ params: { asOf: date, market }, partition: `${date}/${market}`, keys: [market], output, skipped: notTrained },
    ...{ trigger: { kind: 'api', by: 'ada' } as const, seconds: 240 },
  });
  const [first, second, third, fourth] = markets as readonly [string, string, string, string];
  add({
    ...marketRun(second, yesterday),
    ...{ id: runIds.failedMarket, status: 'failed', createdAt: ago(month, 5 * hour) },
    fault: {
      step: 'predict',
      item: second,
      error: {
        code: 'STEP_CRASHED',
        message: `The step was killed at 2,048 MiB while it made the lists of ${second}: 1.9 million rows of sales.`,
        remedy: 'Raise `memoryMiB` of the step "predict", or give the worker more memory.',
      },
    },
  });
  add({
    ...marketRun(third, yesterday),
    id: idOf('offers', 'cancelled'),
    status: 'cancelled',
    createdAt: ago(month, 7 * hour),
    seconds: 80,
  });
  add({
    ...marketRun(fourth, today),
    ...{ id: runIds.queued, status: 'queued', createdAt: ago(month, 12), limits: { offers: 1 } },
  });
  add({
    ...marketRun(first, yesterday),
    ...{ id: idOf('offers', 'paused'), status: 'paused', createdAt: ago(month, 3 * hour), now: ago(month, 2.9 * hour) },
    pause: {
      ...{ mode: 'drain', by: 'ada', reason: 'the source delivers again at noon' },
      at: ago(month, 2.9 * hour).toISOString(),
    },
  });
  // A backfill of four days, one of which could not be done.
  days.slice(0, 4).forEach((date, n) => {
    add({
      ...marketRun(second, date),
      ...{ id: runIds.backfill(n), backfillId, trigger: { kind: 'backfill', by: backfillId }, priority: 4 },
      ...{ status: n === 1 ? 'failed' : 'succeeded', createdAt: ago(month, 4 * day - n * 10) },
      ...(n === 1
        ? {
            fault: {
              step: 'preprocess',
              error: { code: 'STEP_FAILED', message: `No customer of ${second} bought anything before ${date}.` },
            },
          }
        : {}),
    });
  });
}

function translationRuns(month: Month, rows: RunRows): void {
  const add = adder(rows, translation);
  const trigger = { kind: 'schedule', by: 'translation-weekly' } as const;
  const params = { pair: 'en-de', general: '/data/general', memories: ['catalogue'], glossaries: ['retail'] };
  for (let week = 0; week < 4; week++)
    add({
      ...{ id: runIds.translation(week), params, trigger, status: 'succeeded', seconds: 7_600 + 300 * week },
      createdAt: ago(month, 28 * day - week * 7 * day + 30),
      metrics: { evaluate: { bleu: 28 + week, chrf: 55 + week, term_accuracy: 0.9 + week / 100 } },
    });
  add({
    ...{
      id: runIds.failedTranslation,
      params: { ...params, pair: 'en-fr' },
      trigger,
      status: 'failed',
      seconds: 3_100,
    },
    createdAt: ago(month, 26 * hour),
    fault: {
      step: 'train-general',
      error: {
        code: 'PROGRAM_FAILED',
        message: 'The loss is not a number since step 4,200: the learning rate is too high for this batch size.',
        remedy: 'Run again with a lower rate; the checkpoint of step 4,000 is kept.',
      },
    },
  });
  add({
    ...{
      id: idOf('translation', 'running'),
      params,
      trigger: { kind: 'decision', by: 'decision' },
      status: 'running',
      seconds: 9_000,
    },
    ...{ createdAt: ago(month, 80), now: month.now, priority: 2 },
  });
  add({
    ...{ id: idOf('translation', 'queued'), params, trigger: { kind: 'cli', by: 'bob' }, status: 'queued', seconds: 0 },
    createdAt: ago(month, 25),
  });
}

function documentRuns(month: Month, rows: RunRows): void {
  const add = adder(rows, translateDocument);
  for (let n = 0; n < 12; n++)
    add({
      ...{ id: runIds.document(n), params: { document: idOf('document', n) }, trigger: { kind: 'api', by: 'bob' } },
      ...{ createdAt: ago(month, n * 2 * day + 3 * hour), seconds: 20 + n },
      ...(n === 4
        ? {
            status: 'failed' as const,
            fault: {
              step: 'translate',
              error: {
                code: 'VALIDATION_FAILED',
                message: 'The file is no Word document: it has no word/document.xml.',
                remedy: 'Save it again as .docx.',
              } as const,
            },
          }
        : { status: 'succeeded' as const }),
    });
}
