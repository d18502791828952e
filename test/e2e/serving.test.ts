import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { promoteTinyModel, storeTinyModel, trainTinyModel } from '../../bench/tiny-translation-model.ts';
import type { TranslationAnswer } from '../../contracts/translation.ts';
import { fileArtifactStore } from '../../storage/artifacts/file.ts';
import { openDatabase } from '../../storage/postgres/index.ts';
import { type Installation, startInstallation } from '../support/installation.ts';

let installation: Installation;
beforeAll(async () => {
  installation = await startInstallation({ roles: ['api'] });
  const database = await openDatabase({ url: installation.databaseUrl, pool: 2 });
  const artifacts = fileArtifactStore(join(installation.home, 'artifacts'));
  await promoteTinyModel(database.models, await storeTinyModel(artifacts, await trainTinyModel()));
  await database.close();
});
afterAll(() => installation.close());

const translate = (text: string) =>
  installation.api.post<{ translations: TranslationAnswer[] }>('/v1/translate', { text, source: 'en', target: 'de' });

interface Replica {
  readonly state: string;
  readonly isStale: boolean;
}
const replicas = async () => (await installation.api.get<{ replicas: Replica[] }>('/v1/serving/replicas')).replicas;

/** Translates without a pause, four at a time, until told to stop. */
function load(): { answered(count: number): Promise<void>; stop(): Promise<{ answers: number; wrong: unknown[] }> } {
  let [answers, stopped] = [0, false];
  const wrong: unknown[] = [];
  const caller = async (id: number): Promise<void> => {
    for (let i = 0; !stopped; i++) {
      try {
        // Each text is another, so that none is a repetition.
        const { translations } = await translate(`The red car is old. ${id} ${i}`);
        if (!translations[0]?.text.startsWith('Das rot Wagen ist alt.')) wrong.push(translations);
      } catch (error) {
        wrong.push(error);
      }
      answers++;
    }
  };
  const callers = Array.from({ length: 4 }, (_, id) => caller(id));
  return {
    answered: (count) => {
      const from = answers;
      return vi.waitFor(() => expect(answers).toBeGreaterThanOrEqual(from + count), { timeout: 60_000, interval: 20 });
    },
    async stop() {
      stopped = true;
      await Promise.all(callers);
      return { answers, wrong };
    },
  };
}

it('says 503, and what to do, while no replica is ready', async () => {
  await expect(translate('The car is old.')).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: 'No serving replica is ready for "translation".',
    remedy: expect.stringContaining('workers/serving.js'),
  });
});

it('loses no request when a replica is killed and others are restarted one after the other', async () => {
  await Promise.all([installation.start('serving'), installation.start('serving-2')]);
  const traffic = load();
  await traffic.answered(40);

  await installation.kill('serving', 'SIGKILL');
  await traffic.answered(40);
  await installation.start('serving');
  await traffic.answered(40);

  for (const name of ['serving-2', 'serving'] as const) {
    await installation.kill(name, 'SIGTERM');
    await traffic.answered(20);
    await installation.start(name);
    await traffic.answered(20);
  }
  const { answers, wrong } = await traffic.stop();
  expect(wrong).toEqual([]);
  expect(answers).toBeGreaterThanOrEqual(200);
  // Those that ended by themselves have taken their records out; the one that was killed is stale.
  await vi.waitFor(
    async () => {
      const alive = (await replicas()).filter(({ isStale }) => !isStale);
      expect(alive.map(({ state }) => state)).toEqual(['ready', 'ready']);
    },
    { timeout: 20_000 },
  );
}, 180_000);
