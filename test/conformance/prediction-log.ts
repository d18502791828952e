import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { LoggedPrediction } from '../../contracts/feedback.ts';
import type { PredictionLog } from '../../domain/ports/feedback.ts';

const dayMs = 86_400_000;

function prediction(requestId: string, more: Partial<LoggedPrediction> = {}): LoggedPrediction {
  return {
    ...{ requestId, index: 0, served: true, at: '2026-03-01T23:59:59.999Z', caller: 'key' },
    ...{ sourceLanguage: 'en', targetLanguage: 'de-AT', model: 'translation-en-de', modelVersion: 3 },
    ...{ rolloutId: null, side: null, source: 'Größe “1”\n', answer: '大きさ', origin: 'model', confidence: 1 / 3 },
    terms: [{ source: 'a', target: 'b', form: 'missed' }],
    ...more,
  };
}

export function predictionLogConformance(log: () => PredictionLog): void {
  it('keeps answers exactly as given, those that were served first, once each', async () => {
    const requestId = randomUUID();
    const rollout = { rolloutId: 'r', side: 'base' } as const;
    const other = { served: false, rolloutId: 'r', side: 'candidate', at: '2026-03-02T00:00:00.000Z' } as const;
    const given = [
      prediction(requestId, { index: 1, model: null, modelVersion: null, origin: 'memory' }),
      prediction(requestId, other),
      prediction(requestId, rollout),
    ];
    await log().add(given);
    await log().add(given);
    expect(await log().find(requestId, 0)).toEqual([given[2], given[1]]);
    expect(await log().find(requestId, 1)).toEqual([given[0]]);
    expect(await log().find(requestId, 2)).toEqual([]);
  });

  it('keeps what PostgreSQL takes of texts that it does not', async () => {
    const requestId = randomUUID();
    await log().add([prediction(requestId, { source: 'a\u0000b\ud800', answer: '\udc00' })]);
    expect(await log().find(requestId, 0)).toMatchObject([{ source: 'ab\ufffd', answer: '\ufffd' }]);
  });

  it('drops days that are old, whole, and all that are over when nothing is to be kept', async () => {
    const [old, young] = [randomUUID(), randomUUID()];
    const now = new Date('2032-03-01T12:00:00Z');
    await log().add([
      prediction(old, { at: '2032-02-27T23:59:59.999Z' }),
      prediction(young, { at: '2032-02-28T12:00:00.000Z' }),
    ]);
    // 2032 has a 29 February; of the 28th, some is younger than 2 days and 12 hours.
    const { made, dropped } = await log().turnOver(now, 2.5 * dayMs - 1);
    expect(made).toEqual(['2032-03-01', '2032-03-02']);
    expect(dropped).toContain('2032-02-27');
    expect(dropped).not.toContain('2032-02-28');
    expect(await log().find(old, 0)).toEqual([]);
    expect(await log().find(young, 0)).toHaveLength(1);
    expect((await log().turnOver(now, 0)).dropped).toEqual(['2032-02-28']);
    expect(await log().find(young, 0)).toEqual([]);
  });

  it('lets many processes write a new day at once', async () => {
    const requestId = randomUUID();
    const at = '2034-01-10T00:00:00.000Z';
    await Promise.all(Array.from({ length: 8 }, (_, index) => log().add([prediction(requestId, { at, index })])));
    for (let index = 0; index < 8; index++) expect(await log().find(requestId, index)).toHaveLength(1);
  });
}
