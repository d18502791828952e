import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ModelVersion } from '../../../contracts/models.ts';
import { deleteVersion, forgetVersions, type Keeping } from '../../../domain/registry/keep.ts';
import { openPublishingPlace, type PublishingPlace } from '../../support/published.ts';
import { publishTranslation } from '../../support/registry.ts';

const dayMs = 86_400_000;
let database: PublishingPlace['database'];
let artifacts: PublishingPlace['artifacts'];
let close: PublishingPlace['close'];
beforeAll(async () => {
  ({ database, artifacts, close } = await openPublishingPlace());
});
afterAll(() => close());

let made = 0;
const publish = () => publishTranslation({ database, artifacts }, { runId: `r${made++}`, weightBytes: 100 });
/** The registry as it would be looked at in so many days. */
const inDays = (days: number, more: Partial<Keeping> = {}): Keeping => ({
  ...{ ...database, artifacts, policy: { champion: 'admin' }, historyDays: 90 },
  now: new Date(Date.now() + days * dayMs),
  ...more,
});
const promote = ({ model, version }: ModelVersion) =>
  database.models.setAlias(model, 'champion', version, 'ada', 'better');
const numbers = (versions: readonly ModelVersion[]) => versions.map(({ version }) => version);
const weightsOf = ({ files }: ModelVersion) => files.find(({ name }) => name === 'weights')!;

it('forgets versions when they are old and nothing refers to them, with their files, and keeps the rest', async () => {
  const [first, tried, champion] = [await publish(), await publish(), await publish()];
  await promote(first);
  await promote(champion);
  // By default everything stays.
  expect(await forgetVersions(inDays(1000), null)).toEqual([]);
  expect(await forgetVersions(inDays(29), 30)).toEqual([]);
  // The first one has served within 90 days.
  expect(numbers(await forgetVersions(inDays(31), 30))).toEqual([tried.version]);
  expect(await artifacts.has(weightsOf(tried))).toBe(false);
  expect(await artifacts.has(weightsOf(first))).toBe(true);
  expect(numbers(await forgetVersions(inDays(91), 30))).toEqual([first.version]);
  expect(numbers(await forgetVersions(inDays(1000), 30))).toEqual([]);
  for (const file of champion.files) expect(await artifacts.has(file)).toBe(true);
  expect(await database.models.list(champion.model, { deleted: true })).toMatchObject([
    { version: champion.version, deleted: null },
    { version: tried.version, deleted: { by: 'retention', reason: 'older than 30 days, and nothing refers to it' } },
    { version: first.version, deleted: { by: 'retention' } },
  ]);
});

it('goes on with removing files where a process died, and leaves those that were stored again', async () => {
  const version = await publish();
  const broken = inDays(2, {
    historyDays: 0,
    artifacts: { remove: () => Promise.reject(new Error('the process died')) },
  });
  const { model } = version;
  const removal = deleteVersion(broken, { model, version: version.version, by: 'ada', reason: 'bad data' });
  await expect(removal).rejects.toThrow('the process died');
  expect(await artifacts.has(weightsOf(version))).toBe(true);
  expect(await database.models.get(model, version.version)).toBeNull();
  // Within a day of being stored a file may belong to somebody who has not told of it yet.
  await forgetVersions(inDays(0), null);
  expect(await artifacts.has(weightsOf(version))).toBe(true);
  await forgetVersions(inDays(2), null);
  expect(await artifacts.has(weightsOf(version))).toBe(false);
  expect(await database.modelRetention.withFilesToRemove()).toEqual([]);
});

it('refuses with everything that still needs a version', async () => {
  const version = await publish();
  await promote(version);
  const { model, version: number } = version;
  await expect(deleteVersion(inDays(0), { model, version: number, by: 'ada', reason: 'x' })).rejects.toMatchObject({
    code: 'CONFLICT',
    message: `Version ${number} of model "${model}" is still needed: it is the champion.`,
    fields: [{ field: 'alias', value: 'champion' }],
    remedy: expect.stringContaining('90 days'),
  });
  await expect(deleteVersion(inDays(0), { model, version: 99, by: 'ada', reason: 'x' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});
