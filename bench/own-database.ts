import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { migrate } from '../storage/postgres/migrate.ts';

/** A migrated database of a benchmark's own on the server of `url`; `drop` removes it. */
export async function ownDatabase(url: string): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `perennial_bench_${randomBytes(4).toString('hex')}`;
  const admin = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  await admin(`create database ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  await migrate({ url: own.href });
  return { url: own.href, drop: () => admin(`drop database ${name} with (force)`) };
}
