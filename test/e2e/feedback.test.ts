import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { promoteTinyModel, storeTinyModel, trainTinyModel } from '../../bench/tiny-translation-model.ts';
import type { FeedbackRecord } from '../../contracts/feedback.ts';
import { requestHeader } from '../../contracts/serving.ts';
import { fileArtifactStore } from '../../storage/artifacts/file.ts';
import { type Database, openDatabase } from '../../storage/postgres/index.ts';
import { type Installation, startInstallation } from '../support/installation.ts';

let installation: Installation;
let database: Database;
beforeAll(async () => {
  installation = await startInstallation({ roles: ['api'] });
  database = await openDatabase({ url: installation.databaseUrl, pool: 2 });
  const artifacts = fileArtifactStore(join(installation.home, 'artifacts'));
  await promoteTinyModel(database.models, await storeTinyModel(artifacts, await trainTinyModel()));
  await Promise.all([installation.start('serving'), installation.start('events')]);
});
afterAll(async () => {
  await database.close();
  await installation.close();
});

/** A translation by whoever has the administrator's key; @returns the id of the request. */
async function translate(text: string): Promise<string> {
  const answer = await fetch(`${installation.api.url}/v1/translate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${installation.key}` },
    body: JSON.stringify({ text, source: 'en', target: 'de', memory: false }),
  });
  expect(answer.status).toBe(200);
  return String(answer.headers.get(requestHeader));
}

it('joins a correction to the answer of a replica that has ended, and one that came before its answer was there', async () => {
  const requestId = await translate('The red car is old.');
  // What has not been written yet is written when it ends.
  await installation.kill('serving', 'SIGTERM');
  const { entry, feedback } = await installation.api.post<{ entry: object; feedback: FeedbackRecord }>('/v1/feedback', {
    requestId,
    target: 'Der rote Wagen ist alt.',
  });
  expect(entry).toMatchObject({ source: 'The red car is old.', target: 'Der rote Wagen ist alt.' });
  expect(feedback.prediction).toMatchObject({ answer: 'Das rot Wagen ist alt.', modelVersion: 1 });

  const early = `${requestId}-early`;
  await installation.api.post('/v1/feedback', { requestId: early, target: 'Der Schlüssel ist alt.' });
  const [logged] = await database.predictionLog.find(requestId, 0);
  await database.predictionLog.add([{ ...(logged as NonNullable<typeof logged>), requestId: early }]);
  await vi.waitFor(
    async () => {
      const [joined] = await database.feedback.get([`${early}/0`]);
      expect(joined).toMatchObject({ memory: 'feedback-en-de', prediction: { modelVersion: 1 } });
      expect(joined?.entry).not.toBeNull();
    },
    { timeout: 40_000, interval: 100 },
  );
}, 90_000);
