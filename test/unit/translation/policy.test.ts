import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ModelVersion } from '../../../contracts/models.ts';
import { dateOf, dayNumber } from '../../../domain/monitoring/days.ts';
import { createFeedbackService } from '../../../domain/nlp/language-data/index.ts';
import { observeTranslation } from '../../../pipelines/translation/policy.ts';
import { type Database, openDatabase } from '../../../storage/postgres/index.ts';
import { freshDatabase } from '../../support/servers.ts';

let database: Database;
let drop: () => Promise<void>;
beforeAll(async () => {
  const fresh = await freshDatabase();
  drop = fresh.drop;
  database = await openDatabase({ url: fresh.url, pool: 2 });
});
afterAll(async () => {
  await database.close();
  await drop();
});

it('counts entries of the champion’s memories and corrections as labelled rows, and trains on both', async () => {
  const clock = { now: () => new Date() };
  const { memories } = database;
  await memories.create({ id: 'shop', name: 'Shop', source: 'en', target: 'de', domain: '', by: 'test' }, clock.now());
  const feedback = createFeedbackService({ memories, clock });
  const by = 'test';
  await feedback.enter(await feedback.memoryOf({ memory: 'shop' }, by), [{ source: 'cart', target: 'Warenkorb' }], {
    by,
  });
  for (const source of ['a', 'b']) {
    const memory = await feedback.memoryOf({ sourceLanguage: 'en', targetLanguage: 'de' }, by);
    await feedback.enter(memory, [{ source, target: 'x' }], { by });
  }
  const champion = { lineage: { params: { pair: 'en-de', memories: ['shop', 'gone'] } } } as unknown as ModelVersion;
  const observe = (day: string) =>
    observeTranslation({ model: 'translation-en-de', champion, day, services: { memories } });
  const today = dayNumber(clock.now().toISOString());
  expect(await observe(dateOf(today + 1))).toEqual({
    market: 'en-de',
    labelled: 3,
    kpis: { corrections: 3 },
    params: { memories: ['shop', 'feedback-en-de'] },
  });
  expect((await observe(dateOf(today))).kpis).toEqual({ corrections: 0 });
});
