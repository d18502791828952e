import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Verdict } from '../../../domain/registry/promotion.ts';
import { publishedText, publishVersion } from '../../../domain/registry/publish.ts';
import { advanceRollout } from '../../../domain/rollout/index.ts';
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

it('does not let a version go on of which nothing was seen, whatever its plan says', async () => {
  await publish('p4', 'r1', first);
  await publish('p4', 'r2', () => ({ promote: false, reason: 'held' }), 1);
  const plan = { steps: [{ share: 1, minSeconds: 0, maxSeconds: 10 }], onInconclusive: 'go-on' } as const;
  const [rollout] = await place.rollouts.start({ model: 'p4', version: 2, plan, reason: 'newer' }, 'ada');
  const { rollouts } = place.database;
  await advanceRollout({ rollouts, clock: { now: () => new Date() } }, rollout!.id);
  const late = { now: () => new Date(Date.now() + 60_000) };
  expect(await advanceRollout({ rollouts, clock: late }, rollout!.id)).toMatchObject({
    ...{ status: 'paused', reason: expect.stringContaining('errors: nothing to compare yet') },
  });
  const answer = { error: null, ms: 1, scores: {} };
  // Younger than 10 s it is not read while another transaction of the server is open, such as one of another test.
  const at = new Date(Date.now() - 11_000).toISOString();
  await rollouts.addFirstComparisons(rollout!.id, 0, [
    { at, requestId: 'q', served: 'candidate', base: answer, candidate: answer },
  ]);
  await place.rollouts.tell(rollout!.id, 'resume', 'it answers', 'ada');
  expect(await advanceRollout({ rollouts, clock: late }, rollout!.id)).toMatchObject({ status: 'completed' });
});
