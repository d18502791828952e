import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Verdict } from '../../../domain/registry/promotion.ts';
import { publishVersion } from '../../../domain/registry/publish.ts';
import { type Database, openDatabase } from '../../../storage/postgres/index.ts';
import { freshDatabase } from '../../support/servers.ts';

let database: Database;
let drop: () => Promise<void>;
beforeAll(async () => {
  const fresh = await freshDatabase();
  drop = fresh.drop;
  database = await openDatabase({ url: fresh.url, pool: 3 });
});
afterAll(async () => {
  await database.close();
  await drop();
});

const better = (): Verdict => ({ promote: true, reason: 'better beyond chance' });
const made = (model: string, run: string) => {
  const sha256 = run.padEnd(64, '0');
  const artifact = { uri: `artifact:sha256:${sha256}`, sha256, bytes: 1 };
  return { model, formatVersion: 1, artifact, metrics: {}, lineage: {}, runId: run };
};

it('promotes as the run, with the decision that the run carried out', async () => {
  const { models } = database;
  await publishVersion(models, made('m1', 'r1'), better, { decision: 'd1' });
  expect(await models.history('m1')).toMatchObject([
    { alias: 'champion', version: 1, by: 'run r1', runId: 'r1', decisionId: 'd1', kind: 'set' },
  ]);
  const again = await publishVersion(models, made('m1', 'r1'), () => ({ promote: false, reason: 'x' }));
  expect(again).toMatchObject({ promote: true, reason: 'promoted by an earlier attempt' });
  expect(await models.history('m1')).toHaveLength(1);
});

it('keeps what is not better as a challenger, or under no alias', async () => {
  const { models } = database;
  const worse = (): Verdict => ({ promote: false, reason: 'not better' });
  await publishVersion(models, made('m2', 'r1'), better);
  await publishVersion(models, made('m2', 'r2'), worse);
  await publishVersion(models, made('m2', 'r3'), worse, { otherwise: null });
  expect((await models.list('m2')).map(({ version, aliases }) => [version, aliases])).toEqual([
    [3, []],
    [2, ['challenger']],
    [1, ['champion']],
  ]);
});

it('does not overrule who moved the champion while the version was judged', async () => {
  const { models } = database;
  await publishVersion(models, made('m3', 'r1'), better);
  await models.add(made('m3', 'r2'));
  await models.setAlias('m3', 'champion', 2, 'ada', 'the first one was wrong');
  const published = await publishVersion(models, made('m3', 'r3'), better, { judged: 1 });
  expect(published).toMatchObject({
    promote: false,
    reason: expect.stringContaining('points at version 2, not at version 1'),
  });
  expect(await models.byAlias('m3', 'champion')).toMatchObject({ version: 2 });
  expect(await models.byAlias('m3', 'challenger')).toMatchObject({ version: 3 });
});
