import type pg from 'pg';
import { PerennialError } from '../../contracts/errors.ts';
import { sql } from './client.ts';
import { type ResourceRow, still } from './language-rows.ts';

const lockNotAvailable = '55P03';
const lockTimeout = '10s';

/**
 * Holds the right to write entries of a resource on a connection until `work` ends; one at a time does. What an import
 * that died half-way has written is undone first.
 *
 * @throws CONFLICT when someone else holds it for longer than 10 s.
 */
export async function writing<T>(
  pool: pg.Pool,
  { number, id }: ResourceRow,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  // Closing the connection gives the lock back where unlocking did not come to it.
  let isBroken = true;
  try {
    await client.query(`set lock_timeout = '${lockTimeout}'`);
    try {
      await client.query(sql`select pg_advisory_lock(hashtext('perennial:language-resource'), ${number})`);
    } catch (error) {
      if ((error as { code?: unknown }).code !== lockNotAvailable) throw error;
      isBroken = false;
      throw new PerennialError('CONFLICT', `An import into "${id}" is being merged.`, {
        remedy: 'Try again when it is done; its record says when.',
        cause: error,
      });
    }
    await client.query('set lock_timeout = 0');
    await undo(client, number);
    const result = await work(client);
    await client.query(sql`select pg_advisory_unlock(hashtext('perennial:language-resource'), ${number})`);
    isBroken = false;
    return result;
  } finally {
    client.release(isBroken);
  }
}

/** Takes back what was written of a version that never came to its end. */
async function undo(client: pg.PoolClient, number: number): Promise<void> {
  const { rows } = await client.query<{ writing: number | null }>(sql`
    select writing from language_resources where number = ${number}`);
  const version = rows[0]?.writing ?? null;
  if (version === null) return;
  await inTransaction(client, async () => {
    await client.query(sql`delete from language_entries where resource = ${number} and valid_from = ${version}`);
    await client.query(sql`
      update language_entries set valid_to = ${still} where resource = ${number} and valid_to = ${version}`);
    await client.query(sql`update language_resources set writing = null where number = ${number}`);
  });
}

/** Work in one transaction on a connection that is held: all of it, or, when it throws, nothing. */
export async function inTransaction<T>(client: pg.PoolClient, work: () => Promise<T>): Promise<T> {
  await client.query('begin');
  try {
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}
