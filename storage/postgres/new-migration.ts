import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { prismaFolder, readMigrations } from './migrations.ts';
import { openSchemaEngine } from './schema-engine.ts';

/**
 * Writes the migration that takes the existing ones to `schema.prisma`.
 *
 * @param url an empty database; the existing migrations are applied to it to see where they lead.
 * @returns the folder written, or null when the schema did not change.
 */
export async function createMigration(url: string, name: string, now: Date): Promise<string | null> {
  const prisma = prismaFolder();
  const schema = { path: 'schema.prisma', content: await readFile(join(prisma, 'schema.prisma'), 'utf8') };
  const filters = { externalTables: [], externalEnums: [] };
  const migrations = join(prisma, 'migrations');
  await mkdir(migrations, { recursive: true });
  const migrationsList = await readMigrations(migrations);
  const { engine, close } = await openSchemaEngine(url, schema.content);
  try {
    const { stdout } = await engine.diff({
      from:
        migrationsList.migrationDirectories.length === 0 ? { tag: 'empty' } : { tag: 'migrations', ...migrationsList },
      to: { tag: 'schemaDatamodel', files: [schema] },
      script: true,
      exitCode: null,
      filters,
    });
    if (!stdout || /^\s*(-- This is an empty migration\.)?\s*$/.test(stdout)) return null;
    const folder = join(migrations, `${now.toISOString().slice(0, 19).replace(/[-:T]/g, '')}_${name}`);
    await mkdir(folder);
    await writeFile(join(folder, 'migration.sql'), stdout.trimEnd().concat('\n'));
    await writeFile(join(migrations, 'migration_lock.toml'), 'provider = "postgresql"\n');
    return folder;
  } finally {
    await close();
  }
}
