import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DriftDetectedData } from '../../../../contracts/events.ts';
import type { LoggedPrediction } from '../../../../contracts/feedback.ts';
import { dayMs } from '../../../../domain/monitoring/days.ts';
import { driftHistory } from '../../../../domain/monitoring/series/index.ts';
import { watchTranslation } from '../../../../domain/nlp/monitoring/watch.ts';
import { Random } from '../../../../domain/nlp/random.ts';
import { type Database, openDatabase } from '../../../../storage/postgres/index.ts';
import { freshDatabase } from '../../../support/servers.ts';

const model = 'translation-en-de';
const begin = Date.parse('2026-03-02T00:00:00Z');
const day = (n: number): Date => new Date(begin + n * dayMs);
let database: Database;
let drop: () => Promise<void>;

beforeAll(async () => {
  const fresh = await freshDatabase();
  drop = fresh.drop;
  database = await openDatabase({ url: fresh.url, pool: 3 });
  const artifact = { uri: 'artifact:sha256:0', sha256: '0'.repeat(64), bytes: 1 };
  await database.models.add({ model, formatVersion: 1, artifact, metrics: {}, lineage: {}, runId: 'r' });
  await database.models.setAlias(model, 'champion', 1, 'test', 'the first');
}, 60_000);
afterAll(async () => {
  await database.close();
  await drop();
});

const manual = ['Loosen the bolt.', 'Drain the oil.', 'Replace the filter.', 'Tighten the nut by hand.'];
const chat = ['hey, where is my parcel???', 'thx a lot :)', 'can u send it again pls', 'still nothing here'];

/** What is asked on some days, 25 texts each. */
async function ask(from: number, to: number, texts: readonly string[], confidence: number): Promise<void> {
  const answers: LoggedPrediction[] = [];
  for (let n = from; n < to; n++) {
    const random = new Random(n + 1);
    for (let i = 0; i < 25; i++) {
      const source = `${texts[random.below(texts.length)]} ${random.below(100)}`;
      answers.push({
        ...{ requestId: `${n}/${i}`, index: 0, served: true, at: day(n + random.next()).toISOString(), caller: 'key' },
        ...{ sourceLanguage: 'en', targetLanguage: 'de', model, modelVersion: 1, rolloutId: null, side: null },
        ...{ source, answer: `${source}!`, origin: 'model', terms: [] },
        confidence: Math.min(1, confidence + 0.05 * random.normal()),
      });
    }
  }
  await database.predictionLog.add(answers);
}
const points = () => database.metricSeries.list({ pipeline: 'translation', name: 'drift.*', limit: 500 });
const watch = (n: number) => watchTranslation(database, new Date(day(n).getTime() + 3_600_000));

it('measures nothing before there are weeks to compare', async () => {
  await watch(3);
  await ask(0, 28, manual, 0.8);
  await watch(34);
  expect(await points()).toEqual([]);
});

it('finds nothing while people ask what they asked, and measures a day once', async () => {
  await ask(28, 35, manual, 0.8);
  await watch(35);
  const measured = await points();
  expect(measured.filter(({ alarm }) => alarm !== null)).toEqual([]);
  const columns = { name: 'drift.columns', market: 'en-de', at: day(35).toISOString(), modelVersion: 1, value: 8 };
  expect(measured).toContainEqual(expect.objectContaining(columns));
  await ask(34, 35, chat, 0.3);
  await watch(35);
  expect(await points()).toEqual(measured);
});

it('tells that people ask otherwise, and that the model is less sure, as figures and as an event', async () => {
  await ask(35, 42, chat, 0.4);
  await watch(42);
  const drifted = (await points()).filter(({ alarm, at }) => alarm !== null && at === day(42).toISOString());
  expect(new Set(drifted.map(({ subject }) => subject))).toEqual(
    new Set(['characters', 'text', 'prediction.confidence', 'prediction.length', 'together']),
  );
  const [event, ...others] = await database.events.list({ types: ['drift.detected'], limit: 5 });
  expect(others).toEqual([]);
  expect(event?.data as unknown as DriftDetectedData).toEqual({
    ...{ pipeline: 'translation', model, version: 1, columns: 8, drifted: 4 },
  });
  const windows = await driftHistory(database.metricSeries).windows('translation', model, '2026-04-01', '2026-05-01');
  expect(windows).toEqual([
    { day: day(35).toISOString().slice(0, 10), columns: 8, drifted: 0 },
    { day: day(42).toISOString().slice(0, 10), columns: 8, drifted: 4 },
  ]);
});
