import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { migrate } from '../../storage/postgres/migrate.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    databaseUrl: string;
    redisUrl: string;
    temporalAddress: string;
  }
}

/** The servers of this test run, started once by global-setup.ts. */
export const temporalAddress = (): string => inject('temporalAddress');
export const redisUrl = (): string => inject('redisUrl');

/** A new database of its own for a test file, migrated unless told otherwise; `drop` removes it. */
export async function freshDatabase({ migrated = true } = {}): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `t_${randomBytes(6).toString('hex')}`;
  const admin = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: inject('databaseUrl') });
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  await admin(`create database ${name}`);
  const url = new URL(inject('databaseUrl'));
  url.pathname = `/${name}`;
  if (migrated) await migrate({ url: url.href });
  return { url: url.href, drop: () => admin(`drop database ${name} with (force)`) };
}
