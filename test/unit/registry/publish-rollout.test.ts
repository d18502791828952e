import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Verdict } from '../../../domain/registry/promotion.ts';
import { publishedText, publishVersion } from '../../../domain/registry/publish.ts';
import { openPublishingPlace, type PublishingPlace } from '../../support/published.ts';

let place: PublishingPlace;
beforeAll(async () => {
  place = await openPublishingPlace();
});
afterAll(() => place.close());

const first = (): Verdict => ({ promote: true, reason: 'there was no champion to compare with' });
const better = (): Verdict => ({ promote: false, rollout: true, reason: 'better beyond chance' });
const publish = (model: string, run: string, verdict: () => Verdict, judged?: number) => {
  const sha256 = run.padEnd(64, '0');
  const artifact = { uri: `artifact:sha256:${sha256}`, sha256, bytes: 1 };
  return publishVersion(
    place.database.models,
    { model, formatVersion: 1, artifact, metrics: {}, lineage: {}, runId: run },
    verdict,
    { rollout: { starter: place.rollouts }, ...(judged === undefined ? {} : { judged }) },
  );
};

it('brings a version that passed its test in by one rollout, however often the step is repeated', async () => {
  await publish('p1', 'r1', first);
  const published = await publish('p1', 'r2', better, 1);
  expect(published).toMatchObject({ promote: false, reason: 'better beyond chance', rollouts: [expect.any(String)] });
  expect(publishedText(published)).toContain(`version 2 is brought in by rollout ${published.rollouts[0]}`);
  expect(await publish('p1', 'r2', better, 1)).toMatchObject({ rollouts: published.rollouts });
  const { rollouts } = await place.database.rollouts.list({ model: 'p1' }, { limit: 10 });
  expect(rollouts).toMatchObject([
    { id: published.rollouts[0], version: 2, base: 1, by: 'run r2', reason: 'better beyond chance', status: 'queued' },
  ]);
  expect(await place.database.models.byAlias('p1', 'challenger')).toMatchObject({ version: 2 });

  await place.rollouts.tell(published.rollouts[0]!, 'abort', 'not today', 'ada');
  expect(await publish('p1', 'r2', better, 1)).toMatchObject({ rollouts: published.rollouts });
  expect(await place.database.models.byAlias('p1', 'champion')).toMatchObject({ version: 1 });
});

it('lets a version wait as a challenger while another rollout goes on, and says so', async () => {
  await publish('p2', 'r1', first);
  const { rollouts } = await publish('p2', 'r2', better, 1);
  const late = await publish('p2', 'r3', better, 1);
  expect(late).toMatchObject({ promote: false, rollouts: [] });
  expect(late.reason).toBe(
    `better beyond chance; no rollout was started: Rollout ${rollouts[0]} of "p2" goes on, with version 2.`,
  );
  expect(await place.database.models.byAlias('p2', 'challenger')).toMatchObject({ version: 3 });
});

it('starts none against a champion that the version was not judged against', async () => {
  await publish('p3', 'r1', first);
  await publish('p3', 'r2', () => ({ promote: true, reason: 'better' }), 1);
  const published = await publish('p3', 'r3', better, 1);
  expect(published).toMatchObject({ promote: false, rollouts: [] });
  expect(published.reason).toContain('The champion of "p3" is version 2, not 1 as expected');
});
