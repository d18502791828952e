import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { PerennialError } from '../../contracts/errors.ts';
import { toStorageError } from './errors.ts';
import { prismaFolder, readMigrations } from './migrations.ts';
import { openSchemaEngine } from './schema-engine.ts';

/** Key of the advisory lock that lets one process migrate at a time; any constant of ours. */
const lockKey = 7_236_112;

/**
 * Applies the migrations that the database lacks.
 *
 * @param folder of migrations; default `prisma/migrations`.
 * @returns the names applied now, in order; empty when it is up to date.
 * @throws UNAVAILABLE when PostgreSQL does not answer; INTERNAL with the engine's words when a migration fails.
 */
export async function migrate({ url, folder }: { url: string; folder?: string }): Promise<string[]> {
  const prisma = prismaFolder();
  const schema = await readFile(join(prisma, 'schema.prisma'), 'utf8');
  const lock = new pg.Client({ connectionString: url });
  try {
    await lock.connect();
    await lock.query('select pg_advisory_lock($1)', [lockKey]);
  } catch (error) {
    throw toStorageError(error);
  }
  try {
    const { engine, close } = await openSchemaEngine(url, schema);
    try {
      const migrationsList = await readMigrations(folder ?? join(prisma, 'migrations'));
      const applied = await engine.applyMigrations({
        migrationsList,
        filters: { externalTables: [], externalEnums: [] },
      });
      return applied.appliedMigrationNames;
    } finally {
      await close();
    }
  } catch (error) {
    throw new PerennialError(
      'INTERNAL',
      `The database could not be migrated: ${error instanceof Error ? error.message : String(error)}`,
      {
        remedy:
          'Nothing of the failed migration is kept. Restore the database of the release before, or correct the migration.',
        cause: error,
      },
    );
  } finally {
    await lock.end();
  }
}
