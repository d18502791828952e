import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LoggedPrediction } from '../../contracts/feedback.ts';
import { type OpenApi, openApi } from '../api/support.ts';
import { type Answered, commandOn } from '../support/command.ts';

let api: OpenApi;
let perennial: (...args: string[]) => Promise<Answered>;
const folder = mkdtempSync(join(tmpdir(), 'perennial-feedback-'));
const now = new Date();
const today = now.toISOString().slice(0, 10);

beforeAll(async () => {
  api = await openApi();
  perennial = await commandOn(api);
  const answers = ['Das rot Wagen ist alt.', 'Der Schlüssel ist neu.', 'Danke.', 'Bitte.'].map(
    (answer, index): LoggedPrediction => ({
      ...{ requestId: 'request-1', index, served: true, at: now.toISOString(), caller: 'key' },
      ...{ sourceLanguage: 'en', targetLanguage: 'de', model: 'translation-en-de', modelVersion: 4, rolloutId: null },
      ...{ side: null, source: `source ${index}`, answer, origin: 'model', confidence: 0.8, terms: [] },
    }),
  );
  await api.database.predictionLog.add(answers);
});
afterAll(async () => {
  process.exitCode = 0;
  await api.close();
  rmSync(folder, { recursive: true });
});

it('sends corrections by file, tells bad rows, and shows how good answers were', async () => {
  const file = join(folder, 'corrections.tsv');
  writeFileSync(
    file,
    'request_id\tindex\tcorrection\nrequest-1\t0\tDer rote Wagen ist alt.\nrequest-1\t1\tDer Schlüssel ist neu.\nrequest-1\t-1\tx\nlater\t0\tSpäter.\n',
  );
  const sent = await perennial('feedback', 'send', file);
  expect(sent.out).toMatch(/^4 rows: 3 corrections taken, 2 joined to their answers, 1 wait for theirs, 1 refused\.$/m);
  expect(sent.out).toMatch(/^ {2}line 4: index "-1" must be the place/m);
  expect(process.exitCode).toBe(2);
  expect((await perennial('feedback', 'send', join(folder, 'none.csv'))).error).toContain('none.csv cannot be read');

  const shown = await perennial('feedback', 'translation', '--model', 'translation-en-de');
  const [, line = ''] = shown.out.trim().split('\n');
  expect(line.trim().split(/\s{2,}/)).toEqual([
    ...[today, 'en-de', '4', '4', '2', '50.0 %', expect.stringMatching(/^\d\d\.\d$/), '16.7 %', '50.0 %'],
  ]);
  expect((await perennial('feedback', 'translation', '--version', '5')).out).toContain('No answers');
});

it('shows what became of offers beside what was predicted', async () => {
  const offer = {
    ...{ market: 'DE', asOf: today, customerId: 'c', productId: 'P', description: '', discount: 10, holdout: false },
    ...{ probability: 0.25, probabilityWithout: 0.1, price: 1, expectedRevenue: 1, incrementalMargin: 1, spend: 1 },
    ...{ reason: '', runId: 'r', modelVersion: 2 },
  };
  await api.database.chosenOffers.replaceMarket(
    'DE',
    today,
    [1, 2, 3].map((rank) => ({ ...offer, rank, customerId: `c${rank}` })),
  );
  const outcomes = [1, 2].map((rank) => ({
    ...{ customerId: `c${rank}`, productId: 'P', date: today, discount: 10, sale: rank === 1 },
  }));
  await api.call('POST', '/v1/offers/outcomes', { body: { outcomes } });
  const [, line = ''] = (await perennial('feedback', 'offers', '--market', 'DE')).out.trim().split('\n');
  expect(line.trim().split(/\s{2,}/)).toEqual([
    'DE',
    '2',
    '3',
    '2',
    '50.0 %',
    '25.0 %',
    '0.3125',
    '-25.0 %',
    '50.0 %',
    '–',
  ]);
});
