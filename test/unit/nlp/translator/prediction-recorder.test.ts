import { expect, it } from 'vitest';
import type { LoggedPrediction } from '../../../../contracts/feedback.ts';
import type { TranslatedText } from '../../../../contracts/translation.ts';
import { type AnsweredGroup, PredictionRecorder } from '../../../../domain/nlp/translator/prediction-recorder.ts';

const translation: TranslatedText = {
  ...{ text: 'Hallo', alternatives: [], confidence: 0.9, matches: [], terms: [], warnings: [] },
  origin: 'model',
};
const answered = (requestId: string | undefined, more: Partial<AnsweredGroup> = {}): AnsweredGroup => ({
  group: [{ index: 0, text: 'Hello' }],
  pair: { source: 'en', target: 'de' },
  translations: [translation],
  model: { name: 'translation-en-de', version: 2, configuration: 0 },
  served: true,
  trial: null,
  call: { ...(requestId === undefined ? {} : { requestId }), caller: 'key-1/erika@example.com' },
  ...more,
});

function recorder(share = 1) {
  const kept: LoggedPrediction[] = [];
  const place = { isDown: false, failures: 0 };
  const made = new PredictionRecorder({
    log: {
      add: async (batch) => {
        if (place.isDown) throw new Error('it is down');
        kept.push(...batch);
      },
    },
    clock: { now: () => new Date('2026-11-26T12:00:00Z') },
    share,
    onFailure: () => void place.failures++,
    everyMs: 60_000,
  });
  return { made, kept, place };
}

it('logs who asked by key alone, what was computed by its version, and nothing of what has no request', async () => {
  const { made, kept } = recorder();
  made.add(
    answered('r', {
      group: [
        { index: 3, text: 'Hello' },
        { index: 5, text: 'Bye' },
      ],
      translations: [translation, { ...translation, text: 'Tschüs', origin: 'memory' }],
      call: { requestId: 'r', firstIndex: 32, caller: 'key-1/erika@example.com' },
      trial: { rollout: { id: 'rollout', step: 1, comparedPerSecond: 10 }, base: { version: 1, configuration: 0 } },
    }),
  );
  made.add(answered(undefined));
  await made.close();
  expect(kept).toMatchObject([
    {
      requestId: 'r',
      index: 35,
      caller: 'key-1',
      source: 'Hello',
      answer: 'Hallo',
      modelVersion: 2,
      side: 'candidate',
    },
    { index: 37, answer: 'Tschüs', model: null, modelVersion: null, rolloutId: 'rollout' },
  ]);
  expect(JSON.stringify(kept)).not.toContain('erika');
});

it('logs a share of the requests, the same ones in every process', async () => {
  const ids = Array.from({ length: 2000 }, (_, i) => `request-${i}`);
  const logged = async (share: number) => {
    const { made, kept } = recorder(share);
    for (const id of ids) made.add(answered(id));
    await made.close();
    return kept.map(({ requestId }) => requestId);
  };
  const some = await logged(0.25);
  expect(some.length / ids.length).toBeCloseTo(0.25, 1);
  expect(await logged(0.25)).toEqual(some);
  expect(await logged(0)).toEqual([]);
  expect(await logged(0.5)).toEqual(expect.arrayContaining(some));
});

it('keeps a bounded number of characters while PostgreSQL is away, the newest, and writes them when it is back', async () => {
  const { made, kept, place } = recorder();
  place.isDown = true;
  const text = 'x'.repeat(100_000);
  for (let i = 0; i < 200; i++) made.add(answered(`r${i}`, { group: [{ index: 0, text }] }));
  await made.close();
  expect(place.failures).toBe(1);
  place.isDown = false;
  await made.close();
  expect(kept.length).toBeGreaterThan(150);
  expect(kept.length).toBeLessThan(160);
  expect(kept.at(-1)?.requestId).toBe('r199');
});
