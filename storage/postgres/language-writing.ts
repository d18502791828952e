import type pg from 'pg';
import { PerennialError } from '../../contracts/errors.ts';
import { sql } from './client.ts';
import { type ResourceRow, still } from './language-rows.ts';

const lockNotAvailable = '55P03';

/**
 * Holds the right to write entries of a resource on a connection until `work` ends; one at a time does. What an import
 * that died half-way has written is undone first.
 *
 * @param patience how long to wait while someone else holds it, such as 10s; then CONFLICT.
 */
export async function writing<T>(
  pool: pg.Pool,
  { number, id }: ResourceRow,
  patience: '10s' | '15min',
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  // Closing the connection gives the lock back where unlocking did not come to it.
  let isBroken = true;
  try {
    await client.query(`set lock_timeout = '${patience}'`);
    try {
      await client.query(sql`select pg_advisory_lock(hashtext('perennial:language-resource'), ${number})`);
    } catch (error) {
      if ((error as { code?: unknown }).code !== lockNotAvailable) throw error;
      await client.query('reset lock_timeout');
      isBroken = false;
      throw new PerennialError('CONFLICT', `An import into "${id}" is being merged.`, {
        remedy: 'Try again when it is done; its record says when.',
        cause: error,
      });
    }
    await client.query('reset lock_timeout');
    try {
      await undo(client, number);
      return await work(client);
    } finally {
      await client.query(sql`select pg_advisory_unlock(hashtext('perennial:language-resource'), ${number})`).then(
        () => {
          isBroken = false;
        },
        () => {},
      );
    }
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
