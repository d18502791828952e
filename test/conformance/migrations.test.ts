import { afterEach, beforeEach, expect, it } from 'vitest';
import { migrate } from '../../storage/postgres/migrate.ts';
import { createMigration } from '../../storage/postgres/new-migration.ts';
import { freshDatabase } from '../support/servers.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
beforeEach(async () => {
  database = await freshDatabase({ migrated: false });
});
afterEach(() => database.drop());

it('has a migration for all that prisma/schema.prisma says', async () => {
  expect(await createMigration(database.url, 'forgotten_in_the_last_commit', new Date())).toBeNull();
});

it('applies every migration once', async () => {
  expect((await migrate({ url: database.url })).length).toBeGreaterThan(0);
  expect(await migrate({ url: database.url })).toEqual([]);
});

it('lets many processes migrate at the same time', async () => {
  const applied = await Promise.all([1, 2, 3].map(() => migrate({ url: database.url })));
  expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
});
