import { type Command, InvalidArgumentError } from 'commander';
import pg from 'pg';
import { migrate } from '../../storage/postgres/migrate.ts';
import { createMigration } from '../../storage/postgres/new-migration.ts';
import { contextOf } from '../command.ts';
import { withDatabase } from '../installation.ts';

export function migrateCommand(program: Command): void {
  const command = program.command('migrate').description('bring the database to the schema of this version');

  command
    .command('apply', { isDefault: true })
    .description('apply what is missing; safe to repeat')
    .action(async (_options: object, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withDatabase(config, terminal, async (url) => {
        const applied = await migrate({ url });
        terminal.result({ applied }, () =>
          applied.length > 0 ? `Applied ${applied.join(', ')}.` : 'The database is up to date.',
        );
      });
    });

  command
    .command('new')
    .description('write the migration that takes the present ones to prisma/schema.prisma')
    .argument('<name>', 'for example add_schedules', migrationName)
    .action(async (name: string, _options: object, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withDatabase(config, terminal, async (url) => {
        const folder = await withScratchDatabase(url, (scratch) => createMigration(scratch, name, new Date()));
        terminal.result({ folder }, () => folder ?? 'The schema has not changed: nothing to migrate.');
      });
    });
}

function migrationName(text: string): string {
  if (!/^[a-z][a-z0-9_]*$/.test(text)) throw new InvalidArgumentError('It must be lower case words joined by _.');
  return text;
}

/** A database that is empty and gone afterwards; the migrations so far are applied to it to see where they lead. */
async function withScratchDatabase<T>(url: string, work: (url: string) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const name = `migration_${process.pid}`;
  await client.query(`create database ${name}`);
  try {
    const scratch = new URL(url);
    scratch.pathname = `/${name}`;
    return await work(scratch.href);
  } finally {
    await client.query(`drop database ${name} with (force)`);
    await client.end();
  }
}
