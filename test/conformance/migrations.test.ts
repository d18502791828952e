import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrate } from '../../storage/postgres/migrate.ts';
import { createMigration } from '../../storage/postgres/new-migration.ts';
import { freshDatabase } from '../support/servers.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

it('applies every migration once', async () => {
  expect(await migrate({ url: database.url })).toEqual([]);
});

it('has a migration for all that prisma/schema.prisma says', async () => {
  const url = new URL(database.url);
  // Compared in a shadow database, so that this one may be any.
  expect(await createMigration(url.href, 'forgotten_in_the_last_commit', new Date())).toBeNull();
});
